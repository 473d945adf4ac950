import { type Members, MOVING, type Moving, QUORUMS } from './members.ts';
import type { GrowStep } from './step.ts';

/** What a step would break. */
export interface GrowProblem {
  readonly step: string;
  readonly group: Moving;
  readonly problem: string;
}

interface State {
  /** Those that work. */
  running: Set<string>;
  /** Those that the others count when they look for a majority. */
  counted: Set<string>;
  /** Those that clients know. */
  known: Set<string>;
}

/**
 * Runs a plan effect by effect: whether every service keeps a majority of those that it counts with each host away that a step takes
 * away, whether a balancer always stands, whether clients always know somebody who works, and whether the end is what was asked for.
 * What a step says it makes unavailable is allowed, where there were too few members to do better. Pure.
 */
export function simulateGrowth(steps: readonly GrowStep[], from: Members, to: Members): GrowProblem[] {
  const problems: GrowProblem[] = [];
  const states = new Map(
    MOVING.map((name) => {
      const hosts = from[name];
      return [name, { running: new Set(hosts), counted: new Set(hosts), known: new Set(hosts) }] as const;
    }),
  );
  const stateOf = (group: Moving): State => states.get(group) as State;
  for (const step of steps) {
    const isToldOf = (group: Moving) => step.unavailable.length > 0 && stateOf(group).counted.size < 3;
    const judge = (group: Moving, away: readonly string[]): void => {
      const problem = problemOf(group, stateOf(group), away);
      if (problem !== undefined && !isToldOf(group)) problems.push({ step: step.key, group, problem });
    };
    for (const { kind, group, hosts } of step.effects) {
      const state = stateOf(group);
      if (kind === 'restarts') for (const host of hosts) judge(group, [host]);
      if (kind === 'joins')
        for (const host of hosts) {
          state.running.add(host);
          state.counted.add(host);
        }
      if (kind === 'told') state.known = new Set(hosts);
      for (const host of kind === 'stops' ? hosts : []) state.running.delete(host);
      for (const host of kind === 'forgotten' ? hosts : []) state.counted.delete(host);
      judge(group, []);
    }
  }
  for (const name of MOVING) {
    const { running, counted } = stateOf(name);
    const isCounted = QUORUMS.includes(name);
    for (const hosts of isCounted ? [running, counted] : [running])
      if ([...hosts].sort().join(' ') !== [...to[name]].sort().join(' '))
        problems.push({
          step: 'the end',
          group: name,
          problem: `has ${[...hosts].join(', ')}, not ${to[name].join(', ')}`,
        });
  }
  return problems;
}

function problemOf(group: Moving, { running, counted, known }: State, away: readonly string[]): string | undefined {
  const up = [...running].filter((host) => !away.includes(host));
  if (QUORUMS.includes(group)) {
    const voters = up.filter((host) => counted.has(host));
    if (voters.length * 2 <= counted.size) return `${voters.length} of ${counted.size} members are no majority`;
    if (!up.some((host) => known.has(host))) return 'its clients know no running member';
  }
  return up.length === 0 ? 'no member is left' : undefined;
}
