import { z } from 'zod';
import type { OpenStackClient } from './client.ts';
import { listOwn } from './list-own.ts';

/** A rule of a security group, or a port that filters less than its neighbours. */
export interface Opening {
  readonly kind: 'security-group-rule' | 'port';
  readonly id: string;
  /** The security group, or the port's name. */
  readonly of: string;
  /** What it lets through, for people: `tcp 22 from 0.0.0.0/0`. */
  readonly lets: string;
  /** Whether that is open to everybody. */
  readonly isWide: boolean;
  /** ISO 8601; empty where Neutron does not tell. */
  readonly createdAt: string;
}

const ruleSchema = z.looseObject({
  id: z.string(),
  security_group_id: z.string(),
  direction: z.string(),
  ethertype: z.string().nullish(),
  protocol: z.string().nullish(),
  port_range_min: z.number().nullish(),
  port_range_max: z.number().nullish(),
  remote_ip_prefix: z.string().nullish(),
  remote_group_id: z.string().nullish(),
  remote_address_group_id: z.string().nullish(),
  created_at: z.string().nullish(),
});
type Rule = z.output<typeof ruleSchema>;

const portSchema = z.looseObject({
  id: z.string(),
  name: z.string().nullish(),
  device_owner: z.string().default(''),
  port_security_enabled: z.boolean().default(true),
  allowed_address_pairs: z.array(z.object({ ip_address: z.string() })).default([]),
  created_at: z.string().nullish(),
});

/** Rules of a project's groups but those that Neutron gives every new group, and ports whose filter is off or lets any address pass. */
export async function openingsOf(client: OpenStackClient, projectId: string): Promise<Opening[]> {
  const rulesOf = `/security-group-rules?project_id=${projectId}`;
  const groupFields = '/security-groups?fields=id&fields=name&fields=project_id';
  const groups = z.object({ id: z.string(), name: z.string() });
  const [rules, ports, names] = await Promise.all([
    client.list('network', rulesOf, 'security_group_rules', ruleSchema),
    listOwn(client, 'port', projectId, portSchema),
    client.list('network', groupFields, 'security_groups', groups),
  ]);
  const nameOf = new Map(names.map(({ id, name }) => [id, name]));
  return [
    ...rules.filter((rule) => !isGiven(rule)).map((rule) => toOpening(rule, nameOf)),
    ...ports.flatMap(({ device_owner: owner, ...port }): Opening[] => {
      // Routers, DHCP and balancers have no filter in any project.
      if (owner !== '' && !owner.startsWith('compute:')) return [];
      const any = port.allowed_address_pairs.find(({ ip_address: address }) => address.endsWith('/0'));
      const lets = port.port_security_enabled ? undefined : 'everything: its port security is off';
      const said = lets ?? (any === undefined ? undefined : `packets of any sender: ${any.ip_address}`);
      if (said === undefined) return [];
      const createdAt = port.created_at ?? '';
      return [{ kind: 'port', id: port.id, of: port.name ?? '', lets: said, isWide: true, createdAt }];
    }),
  ];
}

/** Out to everywhere, and in from its own group: what every group has from the beginning. */
function isGiven(rule: Rule): boolean {
  const isAny = (rule.protocol ?? null) === null && (rule.remote_ip_prefix ?? null) === null;
  if (!isAny || (rule.remote_address_group_id ?? null) !== null) return false;
  return rule.direction === 'egress'
    ? (rule.remote_group_id ?? null) === null
    : rule.remote_group_id === rule.security_group_id;
}

function toOpening(rule: Rule, names: ReadonlyMap<string, string>): Opening {
  const from = rule.remote_ip_prefix ?? rule.remote_group_id ?? rule.remote_address_group_id;
  const anywhere = rule.ethertype === 'IPv6' ? '::/0' : '0.0.0.0/0';
  const isWide =
    rule.direction === 'ingress' && (from === null || from === undefined || /^(?:0\.0\.0\.0|::)\/0$/.test(from));
  const [first, last] = [rule.port_range_min ?? undefined, rule.port_range_max ?? undefined];
  const ports = first === undefined ? '' : ` ${first === last || last === undefined ? first : `${first}-${last}`}`;
  const way = rule.direction === 'ingress' ? 'from' : 'to';
  const lets = `${rule.protocol ?? 'all protocols'}${ports} ${way} ${from ?? anywhere}`;
  const of = names.get(rule.security_group_id) ?? rule.security_group_id;
  return { kind: 'security-group-rule', id: rule.id, of, lets, isWide, createdAt: rule.created_at ?? '' };
}
