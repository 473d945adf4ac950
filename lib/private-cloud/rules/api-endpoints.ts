import type { Problem } from '../../config/diagnostic.ts';
import type { Entity } from '../../config/project.ts';
import type { RuleInput } from '../../config/rules/rule.ts';
import type { Cloud } from '../../config/schema/cloud.ts';
import { isHighlyAvailable, severityFor } from './availability-level.ts';

type Which = 'internal' | 'external';

/**
 * How clients come in: through VIPs that move between load balancers, whose router id is theirs alone on its network, under names that
 * their certificates carry.
 */
export function checkEntrances({ clouds }: RuleInput): Problem[] {
  const names = new Map<string, string>();
  const routers = new Map<string, string>();
  return [...clouds.values()].flatMap((cloud) => {
    const { vips, layout } = cloud.value;
    if (vips === undefined) {
      if (!isHighlyAvailable(cloud.value)) return [];
      const message = `got none; layout ${layout} promises to survive the loss of any host, and clients need an address that moves`;
      return [
        cloud.origin
          .at('vips')
          .problem('vip-missing', message, 'write vips with an internal address, its fqdn and a routerId'),
      ];
    }
    return [
      ...sharedNames(cloud, names),
      ...routerId(cloud, routers),
      ...encryption(cloud),
      ...(['internal', 'external'] as const).flatMap((which) => certificate(cloud, which)),
      ...endpoint(cloud),
    ];
  });
}

/** Inside a cloud, another rule says so. */
function sharedNames({ name, value: { vips }, origin }: Entity<Cloud>, names: Map<string, string>): Problem[] {
  return (['internal', 'external'] as const).flatMap((which) => {
    const fqdn = vips?.[which]?.fqdn;
    if (fqdn === undefined) return [];
    const other = names.get(fqdn);
    names.set(fqdn, other ?? name);
    if (other === undefined || other === name) return [];
    const message = `got "${fqdn}"; cloud ${other} has this name, and one name leads to one address`;
    return [origin.at('vips', which, 'fqdn').problem('vip-name-shared', message, 'give each cloud names of its own')];
  });
}

/** keepalived speaks VRRP on the internal plane: its VLAN, at its site, is the segment. */
function routerId({ name, value, origin }: Entity<Cloud>, routers: Map<string, string>): Problem[] {
  const { site, vips, planes } = value;
  const { vlan } = planes.internal;
  const key = `${site ?? ''} ${vlan ?? 'untagged'} ${vips?.routerId ?? ''}`;
  const other = routers.get(key);
  routers.set(key, other ?? name);
  if (other === undefined) return [];
  const where = `${vlan === undefined ? 'the untagged network' : `VLAN ${vlan}`}${site === undefined ? '' : ` at site ${site}`}`;
  const message = `got ${vips?.routerId ?? ''}; cloud ${other} has this VRRP router id on the same segment, ${where}, and the two would take each other's addresses`;
  return [
    origin
      .at('vips', 'routerId')
      .problem('router-id-taken', message, 'write another id, or `site` where the clouds stand in different places'),
  ];
}

/** Kolla-Ansible serves both from one front end where the addresses are the same. */
function encryption(cloud: Entity<Cloud>): Problem[] {
  const { vips } = cloud.value;
  if (vips === undefined || vips.tls.internal === vips.tls.external) return [];
  if (vips.external !== undefined && vips.external.address !== vips.internal.address) return [];
  const [on, off] = vips.tls.internal ? ['internal', 'external'] : ['external', 'internal'];
  const message = `got TLS on the ${on} VIP only; both are ${vips.internal.address}, and one address answers in one way`;
  return [
    cloud.origin
      .at('vips', 'tls')
      .problem(
        'tls-needs-distinct-vips',
        message,
        `write vips.external with an address of its own, or ${off}: ${String(vips.tls.internal || vips.tls.external)}`,
        {
          severity: severityFor(cloud),
        },
      ),
  ];
}

function certificate(cloud: Entity<Cloud>, which: Which): Problem[] {
  const { vips } = cloud.value;
  const own = vips?.tls.certificates[which];
  // One VIP for both has one certificate, the internal one.
  const fqdn = vips?.[which]?.fqdn;
  if (vips === undefined || own === undefined || fqdn === undefined || !vips.tls[which]) return [];
  if (own.names.some((name) => covers(name, fqdn))) return [];
  const message = `got ${own.names.join(', ')}; clients ask for ${fqdn}, and refuse a certificate without that name`;
  return [
    cloud.origin
      .at('vips', 'tls', 'certificates', which, 'names')
      .problem('certificate-without-name', message, `add ${fqdn}`, { severity: severityFor(cloud) }),
  ];
}

/** A star stands for one label. */
function covers(name: string, fqdn: string): boolean {
  return name === fqdn || (name.startsWith('*.') && name.slice(2) === fqdn.slice(fqdn.indexOf('.') + 1));
}

/** Whoever calls the cloud goes through a VIP, with TLS where that VIP has it. */
function endpoint(cloud: Entity<Cloud>): Problem[] {
  const { vips, endpoint } = cloud.value;
  if (vips === undefined || !isHighlyAvailable(cloud.value)) return [];
  const { protocol, hostname } = new URL(endpoint.authUrl);
  const at = cloud.origin.at('endpoint', 'authUrl');
  const which = (['external', 'internal'] as const).find(
    (each) => vips[each]?.fqdn === hostname || vips[each]?.address === hostname,
  );
  if (which === undefined) {
    const known = [vips.external?.fqdn, vips.internal.fqdn].filter((each) => each !== undefined);
    const message = `got "${hostname}"; it is no VIP of the cloud, so that Tandem would stop with whatever stands there`;
    return [at.problem('endpoint-not-vip', message, `write one of ${known.join(', ')}`)];
  }
  const wanted = vips.tls[which] ? 'https:' : 'http:';
  if (protocol === wanted) return [];
  const message = `got ${protocol}//; vips.tls.${which} is ${String(vips.tls[which])}`;
  return [
    at.problem('endpoint-scheme', message, `write ${wanted}//, or turn TLS ${vips.tls[which] ? 'off' : 'on'} there`),
  ];
}
