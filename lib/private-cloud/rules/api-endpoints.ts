import type { Problem } from '../../config/diagnostic.ts';
import type { Entity } from '../../config/project.ts';
import type { RuleInput } from '../../config/rules/rule.ts';
import type { Cloud } from '../../config/schema/cloud.ts';
import { isHighlyAvailable, severityFor } from './availability-level.ts';

type Which = 'internal' | 'external';

const ROUTER_IDS = Array.from({ length: 255 }, (_, at) => at + 1);

/**
 * How clients reach the API: through VIPs that fail over between load balancers, whose VRRP router id is unique on its segment, under
 * names that their certificates carry.
 */
export function checkApiEndpoints({ clouds }: RuleInput): Problem[] {
  const bySegment = Map.groupBy(clouds.values(), segmentOf);
  return [...clouds.values()].flatMap((cloud) => {
    const { vips, layout } = cloud.value;
    if (vips === undefined) {
      if (!isHighlyAvailable(cloud.value)) return [];
      const message = `got none; layout ${layout} must survive the loss of any host, so clients need a virtual address that fails over`;
      return [
        cloud.origin
          .at('vips')
          .problem('vip-missing', message, 'add vips with an internal address, its fqdn and a routerId'),
      ];
    }
    return [
      ...routerId(cloud, bySegment.get(segmentOf(cloud)) ?? []),
      ...encryption(cloud),
      ...(['internal', 'external'] as const).flatMap((which) => certificate(cloud, which)),
      ...endpoint(cloud),
    ];
  });
}

/** keepalived speaks VRRP on the internal plane: its VLAN, at its site, is the segment. */
function segmentOf({ value: { site, planes } }: Entity<Cloud>): string {
  return `${site ?? ''} ${planes.internal.vlan ?? 'untagged'}`;
}

/** @param sharing clouds on the same segment, in order */
function routerId(cloud: Entity<Cloud>, sharing: readonly Entity<Cloud>[]): Problem[] {
  const { value, origin } = cloud;
  const { site, vips, planes } = value;
  const { vlan } = planes.internal;
  const other = sharing.find((each) => each.value.vips?.routerId === vips?.routerId);
  if (other === undefined || other === cloud) return [];
  const where = `${vlan === undefined ? 'the untagged network' : `VLAN ${vlan}`}${site === undefined ? '' : ` at site ${site}`}`;
  const message = `got ${vips?.routerId ?? ''}; cloud ${other.name} has this VRRP router id on the same segment, ${where}, and the two clouds would take over each other's addresses`;
  const used = new Set(sharing.map((each) => each.value.vips?.routerId));
  const free = ROUTER_IDS.find((id) => !used.has(id));
  const fix = `${free === undefined ? 'write' : `write ${free}, or`} \`site\` where the clouds are at different sites`;
  return [origin.at('vips', 'routerId').problem('router-id-taken', message, fix)];
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
        `write vips.external with an address of its own, or vips.tls.${off}: true`,
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
  const through = (each: Which) => {
    const url = new URL(endpoint.authUrl);
    url.protocol = vips.tls[each] ? 'https:' : 'http:';
    if (each !== which) url.hostname = vips[each]?.fqdn ?? url.hostname;
    return url.href;
  };
  if (which === undefined) {
    const known = (['external', 'internal'] as const).filter((each) => vips[each] !== undefined);
    const message = `got "${hostname}"; it is no VIP of the cloud, so Tandem could not reach the API when that host fails`;
    const fix = `write ${known.length > 1 ? 'one of ' : ''}${known.map(through).join(', ')}`;
    return [at.problem('endpoint-not-vip', message, fix)];
  }
  if (protocol === (vips.tls[which] ? 'https:' : 'http:')) return [];
  const message = `got ${protocol}//; vips.tls.${which} is ${String(vips.tls[which])}`;
  const fix = `write ${through(which)}, or vips.tls.${which}: ${String(!vips.tls[which])}`;
  return [at.problem('endpoint-scheme', message, fix)];
}
