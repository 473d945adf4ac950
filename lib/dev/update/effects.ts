import { majorityOf } from '../../config/majority.ts';
import type { Change, StackPlan } from '../../plan/model.ts';
import { counted } from '../../text/plural.ts';

/** What an update does to a server, the heaviest first. `rebuild`: its root disk is lost; `restart`: it stops a moment, as for a resize. */
export const EFFECTS = ['destroy', 'replace', 'rebuild', 'restart', 'in-place', 'create'] as const;

export type Effect = (typeof EFFECTS)[number];

/** One server that an update touches. */
export interface ServerEffect {
  readonly tier: string;
  readonly index: number;
  readonly effect: Effect;
  /** Attributes that differ, as the provider names them: `user_data`. */
  readonly because: readonly string[];
}

/** A tier whose servers an update stops or loses. */
export interface TierEffect {
  readonly tier: string;
  /** Servers that it has now. */
  readonly members: number;
  /** Of these, how many are down at once where all is done at once. */
  readonly down: number;
  /** Whether fewer are left than a majority, of three servers or more. */
  readonly losesMajority: boolean;
}

export interface UpdateEffects {
  /** Sorted by tier and index. */
  readonly servers: readonly ServerEffect[];
  readonly tiers: readonly TierEffect[];
  /** Changes of all else. */
  readonly others: number;
  /** Whether something is moved: then Terraform takes no part of the plan alone. */
  readonly moves: boolean;
}

const SERVER = /^openstack_compute_instance_v\d+$/;
const NAME = /^[^.]+\.(.+)_server-(\d+)$/;

/** Whether a server is down meanwhile, or its root disk is lost. */
export function isDown(effect: Effect): boolean {
  return effect === 'destroy' || effect === 'replace' || effect === 'rebuild' || effect === 'restart';
}

/** What a plan does to the servers of a lease. Pure. @param counts servers that each tier is to have */
export function effectsOf({ changes }: Pick<StackPlan, 'changes'>, counts: ReadonlyMap<string, number>): UpdateEffects {
  const felt = changes.filter(({ noise }) => !noise);
  const servers = felt.flatMap((change) => toEffect(change) ?? []);
  servers.sort((a, b) => (a.tier === b.tier ? a.index - b.index : a.tier < b.tier ? -1 : 1));
  const tiers = [...Map.groupBy(servers, ({ tier }) => tier)].flatMap(([tier, own]): TierEffect[] => {
    const many = (effect: Effect): number => own.filter((each) => each.effect === effect).length;
    const members = (counts.get(tier) ?? 0) - many('create') + many('destroy');
    const down = own.filter(({ effect }) => isDown(effect)).length;
    if (down === 0) return [];
    return [{ tier, members, down, losesMajority: members >= 3 && members - down < majorityOf(members) }];
  });
  const moves = felt.some(({ action }) => action === 'move');
  return { servers, tiers, others: felt.length - servers.length, moves };
}

function toEffect({ type, address, action, reasons, attributes }: Change): ServerEffect | undefined {
  const [, tier, index] = NAME.exec(address) ?? [];
  if (!SERVER.test(type) || tier === undefined) return undefined;
  const effect = effectOf(action, reasons);
  if (effect === undefined) return undefined;
  const decisive = attributes.filter(({ forcesReplacement }) => effect !== 'replace' || forcesReplacement);
  const told = effect === 'create' || effect === 'destroy' ? [] : decisive.length > 0 ? decisive : attributes;
  const because = [...new Set(told.map(({ path }) => path.split('.', 1)[0] ?? path))].sort();
  return { tier, index: Number(index), effect, because };
}

function effectOf(action: Change['action'], reasons: readonly string[]): Effect | undefined {
  switch (action) {
    case 'create':
      return 'create';
    case 'update':
      return 'in-place';
    case 'interrupt':
      return reasons.some((reason) => reason.includes('rebuilt')) ? 'rebuild' : 'restart';
    case 'replace':
      return 'replace';
    case 'delete':
      return 'destroy';
    default:
      return undefined;
  }
}

const WORDS: Readonly<Record<Effect, string>> = {
  destroy: 'destroyed',
  replace: 'replaced',
  rebuild: 'rebuilt, root disk lost',
  restart: 'restarted',
  'in-place': 'changed in place',
  create: 'created',
};

/** A line for each tier and effect: `  cassandra-1, cassandra-2: replaced (user_data)`; then what else changes. Pure. */
export function describeEffects({ servers, others }: Pick<UpdateEffects, 'servers' | 'others'>): string[] {
  const groups = Map.groupBy(servers, ({ tier, effect, because }) => JSON.stringify([tier, effect, because]));
  const lines = [...groups.values()].map((own) => {
    const [first] = own;
    const names = own.map(({ tier, index }) => `${tier}-${index}`).join(', ');
    const because = first === undefined || first.because.length === 0 ? '' : ` (${first.because.join(', ')})`;
    return `  ${names}: ${first === undefined ? '' : WORDS[first.effect]}${because}`;
  });
  return others === 0 ? lines : [...lines, `  ${counted(others, 'other change')}`];
}
