import { BOOT_SECRET_PREFIX } from '../../openstack-api/barbican-boot-secrets.ts';
import type { CloudResource } from '../../openstack-api/cloud-api.ts';
import type { Opening } from '../../openstack-api/openings.ts';
import type { ResourceKind } from '../../openstack-api/resource-kinds.ts';
import { unmanaged } from '../../plan/difference/unmanaged.ts';
import type { Change } from '../../plan/model.ts';
import { compareIds } from '../../stack/id.ts';

/** What a project holds, whoever made it. */
export interface ProjectContents {
  readonly things: readonly CloudResource[];
  readonly openings: readonly Opening[];
}

/** Ways for people and programs into the project, rather than things in it: whoever has a role makes their own. */
const NO_DRIFT: ReadonlySet<ResourceKind> = new Set(['application-credential', 'trust']);
/** What makes something reachable, after what stands open to everybody. */
const REACHABLE: ReadonlySet<string> = new Set([
  ...['security-group-rule', 'floating-address', 'port-forwarding', 'rbac-policy', 'router', 'vpn-connection'],
  ...['load-balancer', 'trunk', 'bgpvpn', 'l2-gateway-connection', 'ndp-proxy', 'local-ip'],
]);

/**
 * What is in a project and not in its stack's state, as drift: what is open to everybody first, then what makes something reachable.
 * Pure. What OpenStack itself makes in every project is left out, and so are the ports of servers that are told themselves.
 */
export function unmanagedChanges({ things, openings }: ProjectContents, managed: ReadonlySet<string>): Change[] {
  const unknown = things.filter((each) => !managed.has(each.id) && !NO_DRIFT.has(each.kind) && !isGiven(each));
  const ofUnknownServers = new Set(unknown.flatMap((each) => (each.kind === 'server' ? each.uses : [])));
  const changes = [
    ...openings
      .filter((each) => each.kind === 'port' || !managed.has(each.id))
      .map((each) => ({
        rank: each.isWide ? 0 : 1,
        change: toChange(each.kind, each.id, `${each.of} lets ${each.lets} through`, each.createdAt),
      })),
    ...unknown
      .filter(({ kind, id }) => kind !== 'port' || !ofUnknownServers.has(id))
      .map((each) => ({
        rank: REACHABLE.has(each.kind) ? 1 : 2,
        change: toChange(each.kind, each.id, `${each.kind.replaceAll('-', ' ')} ${each.name}`.trim(), each.createdAt),
      })),
  ];
  return changes
    .sort((a, b) => a.rank - b.rank || compareIds(a.change.address, b.change.address))
    .map(({ change }) => change);
}

/** Every project has a default group, health monitors of OVN's balancers have a port in each subnet, and servers that boot get secrets. */
function isGiven({ kind, name }: CloudResource): boolean {
  return (
    (kind === 'security-group' && name === 'default') ||
    (kind === 'port' && name.startsWith('ovn-lb-hm-')) ||
    (kind === 'secret' && name.startsWith(BOOT_SECRET_PREFIX))
  );
}

function toChange(kind: string, id: string, what: string, createdAt: string): Change {
  return unmanaged(`${kind}/${id}`, kind, `${what}${createdAt === '' ? '' : `, made ${createdAt}`}`);
}
