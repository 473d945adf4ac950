import type { Members } from './groups.ts';
import type { RaftDatabase } from './membership.ts';
import type { HostCommand, KollaPlay } from './ports.ts';

/** What must be so: the members themselves are asked, until they say it. */
export type Expectation =
  /** These hosts and no others belong to it, all of them work, and each says so. `perhaps`: may belong too, from a change that was begun, or until the next step. */
  | {
      readonly kind: 'database' | 'brokers' | 'raft' | 'vips';
      readonly hosts: readonly string[];
      readonly perhaps?: readonly string[];
    }
  /** Nova's service of this host is up and takes servers; or Nova knows none of it. */
  | { readonly kind: 'compute' | 'agents' | 'volumes'; readonly host: string; readonly isThere: boolean };

/** One thing that is done, as data: shown, simulated, and run through the ports. Each may be done again. */
export type Action =
  | { readonly kind: 'play'; readonly play: KollaPlay }
  /** Must end with exit code 0. */
  | { readonly kind: 'command'; readonly command: HostCommand }
  /** Every quorum queue and every stream gets a copy on a host, or loses it; `by` the first of these brokers that answers. */
  | {
      readonly kind: 'copies';
      readonly change: 'add' | 'remove';
      readonly host: string;
      readonly by: readonly string[];
    }
  /** A broker gives its queues' leaders and its clients to others, where it still runs. */
  | { readonly kind: 'drain-broker'; readonly host: string }
  /** The others no longer count it, where they still do. */
  | { readonly kind: 'forget-broker'; readonly host: string; readonly by: readonly string[] }
  | {
      readonly kind: 'kick';
      readonly database: RaftDatabase;
      readonly host: string;
      readonly address: string;
      readonly by: readonly string[];
    }
  /** Units of these containers of Kolla are stopped, and start no more with the host. @default all of Kolla's */
  | { readonly kind: 'units'; readonly host: string; readonly containers?: readonly string[] }
  /** Every server goes to another host: by live migration, or rebuilt there where the host is off. Ends once the host has none. */
  | { readonly kind: 'empty'; readonly host: string; readonly isOff: boolean }
  | {
      readonly kind: 'api';
      readonly does: 'disable' | 'enable' | 'force-down' | 'forget-compute' | 'forget-controller' | 'forget-agents';
      readonly host: string;
    }
  /** Fails where a volume is on a back end of this host: its data would be lost. */
  | { readonly kind: 'holds-no-volumes'; readonly host: string }
  /** Cinder has no API for it: `cinder-manage`, on a controller. */
  | { readonly kind: 'forget-volumes'; readonly host: string; readonly by: readonly string[] }
  | { readonly kind: 'verify'; readonly expectation: Expectation };

export interface MemberStep {
  /** Unique within the plan and stable: what a resume goes by. */
  readonly key: string;
  /** Who is in which group of the inventory that its plays use. */
  readonly members: Members;
  readonly actions: readonly Action[];
  /** What answers nothing for a while; empty where clients notice no more than a connection that is opened again. */
  readonly unavailable: readonly string[];
}

/** A step before its number is known. */
export type Draft = MemberStep;

const MEANT = ['--ignore-missing', '--yes-i-really-really-mean-it'];

/** @param key unique within its step */
export function play(
  verb: string,
  tags: readonly string[],
  limit: readonly string[],
  more: Partial<Pick<KollaPlay, 'oneByOne' | 'extra'>> = {},
): Action {
  const key = [verb, tags.join(','), limit.join(',')].filter((part) => part !== '').join(' ');
  const extra = [...(verb === 'stop' ? MEANT : []), ...(more.extra ?? [])];
  const { oneByOne } = more;
  return {
    kind: 'play',
    play: {
      key,
      verb,
      tags,
      limit,
      ...(oneByOne === true ? { oneByOne } : {}),
      ...(extra.length > 0 ? { extra } : {}),
    },
  };
}

export function command(host: string, argv: readonly string[], more: Partial<HostCommand> = {}): Action {
  return { kind: 'command', command: { host, argv, ...more } };
}

export function verify(expectation: Expectation): Action {
  if (!('perhaps' in expectation) || expectation.perhaps.length > 0) return { kind: 'verify', expectation };
  const { perhaps: _, ...others } = expectation;
  return { kind: 'verify', expectation: others };
}

/** Steps with their numbers, and plays with keys that are unique in the whole plan. @param before how many steps come before them */
export function numbered(drafts: readonly Draft[], before = 0): MemberStep[] {
  return drafts.map((step, index) => {
    const number = String(before + index + 1).padStart(2, '0');
    const actions = step.actions.map((action, at): Action => {
      if (action.kind !== 'play') return action;
      return { ...action, play: { ...action.play, key: `${number}.${at + 1} ${action.play.key}` } };
    });
    return { ...step, key: `${number} ${step.key}`, actions };
  });
}
