import type { StackPlan } from '../../plan/model.ts';
import { isDown, type UpdateEffects } from './effects.ts';

/** Servers that are changed together, of each tier one at most. */
export interface Round {
  /** `round-1` */
  readonly name: string;
  /** `cassandra-1`, `web-1`. */
  readonly servers: readonly string[];
  /** Addresses of what changes of these servers: themselves, and what is attached to them. */
  readonly addresses: readonly string[];
}

/** Types of what belongs to one server. */
const OF_A_SERVER =
  /^openstack_(?:compute_instance|compute_volume_attach|blockstorage_volume|networking_port|networking_floatingip|lb_member|dns_recordset)/;

/**
 * In which rounds the servers are changed that go down meanwhile, so that no tier loses two at once; what no round has is changed after
 * them, in one run. No rounds where no tier would lose two, or Terraform takes no part of the plan alone. Pure.
 */
export function planRounds({ servers, tiers, moves }: UpdateEffects, { changes }: Pick<StackPlan, 'changes'>): Round[] {
  const several = new Set(tiers.filter(({ down }) => down > 1).map(({ tier }) => tier));
  if (moves || several.size === 0) return [];
  // What the lease is to have no longer goes at the end, when the others are well.
  const going = servers.filter(({ tier, effect }) => several.has(tier) && isDown(effect) && effect !== 'destroy');
  const queues = [...Map.groupBy(going, ({ tier }) => tier).values()];
  const length = Math.max(0, ...queues.map((queue) => queue.length));
  return Array.from({ length }, (_, at) => {
    const own = queues.flatMap((queue) => queue[at] ?? []);
    const isOf = (name: string): boolean =>
      own.some(({ tier, index }) => name.startsWith(`${tier}_`) && name.endsWith(`-${index}`));
    const addresses = changes
      .filter(({ type, address, action }) => OF_A_SERVER.test(type) && action !== 'delete' && isOf(nameIn(address)))
      .map(({ address }) => address);
    return { name: `round-${at + 1}`, servers: own.map(({ tier, index }) => `${tier}-${index}`), addresses };
  });
}

function nameIn(address: string): string {
  return address.slice(address.indexOf('.') + 1);
}
