import type { Problem } from '../../config/diagnostic.ts';
import type { Entity } from '../../config/project.ts';
import type { RuleInput } from '../../config/rules/rule.ts';
import type { Cloud } from '../../config/schema/cloud.ts';
import { isHighlyAvailable, severityFor } from './availability-level.ts';

type Which = 'internal' | 'external';

/**
 * How clients reach the API: through VIPs that fail over between load balancers, whose VRRP router id is unique on its segment, under
 * names that their certificates carry.
 */
export function checkApiEndpoints({ clouds }: RuleInput): Problem[] {
  const routers = new Map<string, string>();
  return [...clouds.values()].flatMap((cloud) => {
    const { vips, layout } = cloud.value;
    if (vips === undefined) {
      if (!isHighlyAvailable(cloud.value)) return [];
      const message = `got none; layout ${layout} must survive the loss of any host, so clients need a virtual address that fails over`;
      return [
        cloud.origin
          .at('vips')
          .problem('vip-missing', message, 'write vips with an internal address, its fqdn and a routerId'),
      ];
    }
    return [
      ...routerId(cloud, routers),
      ...encryption(cloud),
      ...(['internal', 'external'] as const).flatMap((which) => certificate(cloud, which)),
      ...endpoint(cloud),
    ];
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
  const message = `got ${vips?.routerId ?? ''}; cloud ${other} has this VRRP router id on the same segment, ${where}, and the two clouds would take over each other's addresses`;
  return [
    origin
      .at('vips', 'routerId')
      .problem('router-id-taken', message, 'write another id, or `site` where the clouds are at different sites'),
  ];
}

/** Kolla-Ansible serves both from one front end where the addresses are the same. */
function encryption(cloud: Entity<Cloud>): Problem[] {
  const { vips } = cloud.value;
  if (vips === undefined || vips.tls.internal === vips.tls.external) return [];
  if (vips.external !== undefined && vips.external.address !== vips.internal.address) return [];
  const [on, off] = vips.tls.internal ? ['internal', 'external'] : ['external', 'internal'];
  const message = `got TLS on the ${on} VIP only; both are ${vips.internal.address}, and one address is served either with TLS or without`;
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

/** A wildcard covers one label. */
function covers(name: string, fqdn: string): boolean {
  return name === fqdn || (name.startsWith('*.') && name.slice(2) === fqdn.slice(fqdn.indexOf('.') + 1));
}

/** Tandem calls the API through a VIP, with TLS where that VIP has it. */
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
    const message = `got "${hostname}"; it is no VIP of the cloud, so Tandem could not reach the API when that host fails`;
    return [at.problem('endpoint-not-vip', message, `write one of ${known.join(', ')}`)];
  }
  const wanted = vips.tls[which] ? 'https:' : 'http:';
  if (protocol === wanted) return [];
  const message = `got ${protocol}//; vips.tls.${which} is ${String(vips.tls[which])}`;
  return [
    at.problem('endpoint-scheme', message, `write ${wanted}//, or turn TLS ${vips.tls[which] ? 'off' : 'on'} there`),
  ];
}
