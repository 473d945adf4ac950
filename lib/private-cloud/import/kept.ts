import { SHARED_WITH_TIMERS, TIMER_GLOBALS } from '../kolla/failover.ts';
import { OF_FIELDS } from '../kolla/globals.ts';
import type { InventoryGroup } from '../kolla/inventory.ts';
import type { RenderedTree } from './compare.ts';
import type { Inventory } from './inventory.ts';
import { hostVariables, type KollaSource, membersIn } from './kolla-source.ts';
import { meansSame, resolved } from './meaning.ts';
import { asPassedOn, type PassedOn, passedOn } from './passed-on.ts';
import { releaseDefault } from './release-defaults.ts';
import { isSame } from './roles.ts';
import type { Plain, Variables } from './source.ts';
import { withoutTimers } from './timers.ts';

interface OwnGroup {
  readonly hosts?: readonly string[];
  readonly children?: readonly string[];
  readonly variables?: Readonly<Record<string, PassedOn>>;
}

/** What a cloud passes on, as `kolla.globals` and `kolla.inventory` hold it. Grows while it is compared. */
export interface Kept {
  readonly globals: Record<string, PassedOn>;
  readonly groups: Record<string, OwnGroup>;
  readonly hosts: Record<string, Record<string, PassedOn>>;
}

/** Variables of groups, which stay with their groups. Kayobe's are for Kayobe. */
export function keptFromTheStart({ deployer, inventory, groups }: KollaSource): Kept {
  const own: Record<string, OwnGroup> = {};
  if (deployer !== 'kayobe') {
    for (const name of ['all', ...groups.map((group) => group.name)]) {
      const variables = passed(inventory.groupVariables(name));
      if (Object.keys(variables).length > 0) own[name] = { variables };
    }
  }
  return { globals: {}, groups: own, hosts: {} };
}

/** Adds what the rendered tree lacks. @returns whether anything was added */
export function keepMore(source: KollaSource, rendered: RenderedTree, kept: Kept): boolean {
  const changes = [
    keepGlobals(source, rendered, kept),
    keepGroups(source, rendered, kept),
    keepHosts(source, rendered, kept),
  ];
  return changes.includes(true);
}

const NAME = /^(?!.*(?:password|secret|token|private_key))[a-z_][a-zA-Z0-9_]*$/;

/** Whether the configuration can pass a variable on. */
function passable(name: string, value: Plain): PassedOn | undefined {
  return NAME.test(name) ? passedOn(value) : undefined;
}

function passed(variables: Variables): Record<string, PassedOn> {
  const entries = [...variables].flatMap(([name, { value }]) => {
    const own = passable(name, value);
    return own === undefined ? [] : [[name, own] as const];
  });
  return Object.fromEntries(entries);
}

/** Times alone are in `kolla.timers`. */
function isTimer(name: string): boolean {
  return TIMER_GLOBALS.has(name) && !(name in SHARED_WITH_TIMERS);
}

/** What the tree says, or Kolla where it says nothing, in the place of Tandem's own choices; what fields say stays with them. */
function keepGlobals({ kollasGlobals }: KollaSource, rendered: RenderedTree, { globals }: Kept): boolean {
  const names = [...new Set([...kollasGlobals.keys(), ...rendered.globals.keys()])];
  const written = (name: string) => kollasGlobals.get(name)?.value;
  const lookup = (name: string) => written(name) ?? releaseDefault(name, written);
  const added = names.filter((name) => {
    if (name in globals || OF_FIELDS.has(name) || isTimer(name)) return false;
    const said = lookup(name);
    const wanted = said === undefined ? said : withoutTimers(name, said);
    const now = rendered.globals.get(name)?.value;
    if (
      wanted === undefined ||
      (now !== undefined && (meansSame(resolved(wanted, lookup), now) || meansSame(asPassedOn(wanted), now)))
    )
      return false;
    const own = passable(name, wanted);
    if (own !== undefined) globals[name] = own;
    return own !== undefined;
  });
  return added.length > 0;
}

/** Groups whose hosts are others than the cloud's roles make of them, and those that the release does not know. */
function keepGroups(source: KollaSource, { inventory }: RenderedTree, { groups }: Kept): boolean {
  const added = source.groups.filter((group) => {
    const { hosts, children, variables } = groups[group.name] ?? {};
    const isStated = hosts !== undefined || children !== undefined;
    if (inventory.has(group.name) && isSame(membersIn(source, group.name), inventory.members(group.name))) return false;
    // Once stated by its children and still not the same, it is stated host by host.
    if (isStated && children === undefined) return false;
    const own = isStated ? { hosts: membersIn(source, group.name) } : definitionOf(group, inventory, source);
    groups[group.name] = { ...own, ...(variables === undefined ? {} : { variables }) };
    return true;
  });
  return added.length > 0;
}

/** By its children, where those hold what they should; else host by host. */
function definitionOf({ name, hosts, children }: InventoryGroup, inventory: Inventory, source: KollaSource): OwnGroup {
  const isSafe = children.every(
    (child) => !inventory.has(child) || isSame(membersIn(source, child), inventory.members(child)),
  );
  if (!isSafe || children.length === 0) return { hosts: membersIn(source, name) };
  return { ...(hosts.length === 0 ? {} : { hosts }), children };
}

/** Variables that hold for a host in the tree and would not, or otherwise, in what is rendered; and Kolla's default where it has none. */
function keepHosts(source: KollaSource, { inventory }: RenderedTree, { hosts }: Kept): boolean {
  const added = source.inventory.hosts.flatMap((host) => {
    const [tree, now] = [hostVariables(source, host), inventory.variables(host)];
    const names = [...tree.keys(), ...[...now.keys()].filter((name) => !tree.has(name))];
    return names.filter((name) => {
      const wanted = tree.get(name)?.value ?? releaseDefault(name);
      const stands = now.get(name)?.value;
      if (wanted === undefined || name === 'ansible_host' || hosts[host]?.[name] !== undefined) return false;
      if (stands !== undefined && (meansSame(wanted, stands) || meansSame(asPassedOn(wanted), stands))) return false;
      const own = passable(name, wanted);
      if (own !== undefined) hosts[host] = { ...hosts[host], [name]: own };
      return own !== undefined;
    });
  });
  return added.length > 0;
}
