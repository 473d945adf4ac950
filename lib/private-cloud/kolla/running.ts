import { evaluate, resolve, truth } from './condition.ts';
import { RELEASE } from './release.ts';

/** A service that Kolla-Ansible runs. */
export interface KollaService {
  /** As Kolla names it, `nova-api`. */
  readonly name: string;
  /** Tag that deploys it and what else its role has. */
  readonly tag: string;
  /** Group of the inventory that it runs on. */
  readonly group: string;
  /** Name of its container, `nova_api`. */
  readonly container: string;
}

/** Variables as a tree sets them, over the release's own. */
export type Globals = Readonly<Record<string, unknown>>;

/**
 * The services that a tree has Kolla run, in the order in which a deployment sets them up: those whose conditions hold with these
 * globals. One whose condition only a host could tell counts as running. What HAProxy alone knows, and has no container, is none. Pure.
 */
export function runningServices(globals: Globals): KollaService[] {
  const values = valuesWith(globals);
  return Object.entries(RELEASE.services).flatMap(([name, { role, group, container, when }]) => {
    if (container === null || when.some((each) => truth(evaluate(each, values)) === false)) return [];
    const place = resolve(group, values);
    return [{ name, tag: role, group: typeof place === 'string' ? place : name, container }];
  });
}

/**
 * What Kolla appends to the names of a service's containers and folders on each host: numbers for the relays of OVN's southbound database, one
 * for every fifty hosts with `ovn-controller` (release's `group_vars/all/ovn.yml`), nothing for others.
 */
export function numbersOf(service: string, chassis: number, globals: Globals): readonly string[] {
  if (service !== 'ovn-sb-db-relay') return [''];
  const relays = Number(
    globals['ovn_sb_db_relay_count'] ?? Math.ceil(chassis / Number(globals['ovn_sb_db_relay_compute_per_relay'] ?? 50)),
  );
  return Array.from({ length: relays }, (_, index) => String(index + 1));
}

/** Values of variables, evaluated as far as that goes; one that is made of itself is unknown. */
export function valuesWith(globals: Globals): (name: string) => unknown {
  const known = new Map<string, unknown>();
  const valueOf = (name: string): unknown => {
    if (known.has(name)) return known.get(name);
    known.set(name, undefined);
    const value = resolve(Object.hasOwn(globals, name) ? globals[name] : RELEASE.variables[name], valueOf);
    known.set(name, value);
    return value;
  };
  return valueOf;
}
