import { RELEASE } from './release.ts';
import type { Placement } from './restarts.ts';
import type { Globals, KollaService } from './running.ts';

/** What a change of variables starts and stops, `service@host`. */
export interface Switched {
  readonly started: readonly string[];
  readonly stopped: readonly string[];
  /** Values of switches before, for a run that stops what they turned on: kolla-ansible passes by what is off. */
  readonly before: Globals;
}

export const NOTHING_SWITCHED: Switched = { started: [], stopped: [], before: {} };

/**
 * Services that a tree runs and the one before did not, and the other way round; one that moves to another group counts as both, on
 * the hosts where that makes a difference. Hosts that join or leave a group are none of this. Pure.
 */
export function switchedBetween(before: Placement, after: Placement, globals: readonly [Globals, Globals]): Switched {
  const [was, is] = [moved(before, after), moved(after, before)];
  const [old, now] = globals;
  const changed = [...new Set([...Object.keys(old), ...Object.keys(now)])].filter(
    (key) => Object.hasOwn(RELEASE.variables, key) && JSON.stringify(old[key]) !== JSON.stringify(now[key]),
  );
  return {
    started: is.filter((each) => !was.includes(each)),
    stopped: was.filter((each) => !is.includes(each)),
    before: Object.fromEntries(changed.map((key) => [key, old[key] ?? RELEASE.variables[key]])),
  };
}

function moved(one: Placement, other: Placement): string[] {
  const key = ({ name, group }: KollaService) => `${name} ${group}`;
  const known = new Set(other.services.map(key));
  return one.services
    .filter((each) => !known.has(key(each)))
    .flatMap(({ name, group }) => one.members(group).map((host) => `${name}@${host}`));
}

/** The same in sentences, for a plan. */
export function describeSwitched({ started, stopped }: Switched): string[] {
  const say = (services: readonly string[]) => {
    const hosts = Map.groupBy(services, (each) => each.slice(each.indexOf('@') + 1));
    const names = [...new Set(services.map((each) => each.slice(0, each.indexOf('@'))))];
    return `${names.join(', ')} (${hosts.size > 3 ? `${hosts.size} hosts` : [...hosts.keys()].join(', ')})`;
  };
  return [
    ...(started.length === 0 ? [] : [`deploys ${say(started)}`]),
    ...(stopped.length === 0
      ? []
      : [
          `stops ${say(stopped)}; kept are their databases, volumes, users and endpoints, and HAProxy's files of them; their units are disabled, so that no reboot starts them`,
        ]),
  ];
}
