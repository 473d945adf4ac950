import type { InventoryGroup } from '../kolla/inventory.ts';
import { Draft, type DraftGroup } from './draft.ts';
import { readIni } from './ini.ts';
import type { Remark, SourceFile, Variable, Variables } from './source.ts';
import { readYaml } from './yaml.ts';
import { readYamlInventory } from './yaml-inventory.ts';

/** Files of an inventory, as the disk has them. */
export interface InventorySource {
  /** The inventory itself, in the order in which Ansible reads it. */
  readonly files: readonly SourceFile[];
  /** `group_vars/NAME.yml` or files in `group_vars/NAME/`. */
  readonly groupVariables: readonly (SourceFile & { readonly name: string })[];
  readonly hostVariables: readonly (SourceFile & { readonly name: string })[];
}

/** An inventory as Ansible sees it: who is in which group, and which variables hold for whom. */
export class Inventory {
  /** In the order in which they were first named; without `all` and `ungrouped`. */
  readonly groups: readonly InventoryGroup[];
  /** Every host, in the order in which they were first named. */
  readonly hosts: readonly string[];
  readonly remarks: readonly Remark[];
  readonly #groups: ReadonlyMap<string, DraftGroup>;
  readonly #hostVariables: ReadonlyMap<string, Variables>;
  readonly #members = new Map<string, readonly string[]>();
  readonly #depths: ReadonlyMap<string, number>;

  private constructor(draft: Draft) {
    this.#groups = draft.groups;
    this.#hostVariables = draft.hosts;
    this.#depths = depthsOf(draft.groups);
    this.hosts = [...draft.hosts.keys()];
    this.remarks = draft.remarks;
    this.groups = [...draft.groups]
      .filter(([name]) => name !== 'all' && name !== 'ungrouped')
      .map(([name, { hosts, children }]) => ({ name, hosts: [...hosts], children: [...children] }));
  }

  /** Never throws: what cannot be read is in `remarks`, with its file and line. */
  static read(source: InventorySource): Inventory {
    const draft = new Draft();
    for (const file of source.files) {
      if (isYaml(file)) readYamlInventory(draft, file);
      else readIni(draft, file);
    }
    const variablesOf = (file: SourceFile, into: Map<string, Variable>) => {
      const { variables, remarks } = readYaml(file);
      draft.remarks.push(...remarks);
      for (const [name, variable] of variables) into.set(name, variable);
    };
    for (const file of source.groupVariables) {
      const known =
        file.name === 'all' ? draft.group('all', { path: file.path, line: 1 }, true) : draft.groups.get(file.name);
      if (known !== undefined) variablesOf(file, known.fromFiles);
    }
    for (const file of source.hostVariables) {
      const known = draft.hosts.get(file.name);
      if (known !== undefined) variablesOf(file, known);
    }
    breakCircles(draft);
    for (const [name, { at, isDefined }] of draft.groups) {
      if (!isDefined)
        draft.remark(at, `group ${name} is named but defined nowhere: Ansible refuses that; it is taken as empty`);
      if (draft.hosts.has(name))
        draft.remark(at, `${name} is a group and a host: Ansible then takes one for the other`);
    }
    return new Inventory(draft);
  }

  /** Every host of a group, through its children, each once, in Ansible's order. */
  members(name: string): readonly string[] {
    if (name === 'all') return this.hosts;
    const known = this.#members.get(name);
    if (known !== undefined) return known;
    const group = this.#groups.get(name);
    const members = [
      ...new Set([...(group?.hosts ?? []), ...[...(group?.children ?? [])].flatMap((each) => this.members(each))]),
    ];
    this.#members.set(name, members);
    return members;
  }

  has(group: string): boolean {
    return this.#groups.has(group);
  }

  /** Variables that are set for a group itself, wherever it is written. */
  groupVariables(name: string): Variables {
    const group = this.#groups.get(name);
    return new Map([...(group?.variables ?? []), ...(group?.fromFiles ?? [])]);
  }

  /** Variables that are set for a host itself. */
  ownVariables(host: string): Variables {
    return this.#hostVariables.get(host) ?? new Map();
  }

  /**
   * What holds for a host: `all`, then its groups from the outermost in, in the order of their names within a depth; those of
   * `group_vars` after all that the inventory itself says of groups; then its own.
   */
  variables(host: string): Variables {
    const groups = this.groups.filter(({ name }) => this.members(name).includes(host)).map(({ name }) => name);
    groups.sort((a, b) => this.#rank(a, b) || (a < b ? -1 : 1));
    const ordered = ['all', ...groups].map((name) => this.#groups.get(name));
    const maps = [...ordered.map((group) => group?.variables), ...ordered.map((group) => group?.fromFiles)];
    return new Map([...maps, this.ownVariables(host)].flatMap((each) => [...(each ?? [])]));
  }

  #rank(a: string, b: string): number {
    const priority = (name: string) => Number(this.groupVariables(name).get('ansible_group_priority')?.value ?? 1) || 1;
    return (this.#depths.get(a) ?? 0) - (this.#depths.get(b) ?? 0) || priority(a) - priority(b);
  }
}

function isYaml({ path, text }: SourceFile): boolean {
  return /\.(?:ya?ml|json)$/.test(path) || /^(?:#[^\n]*\n|\s*\n)*---\s*\n/.test(text);
}

/** Takes out the children that lead back to their own parent, with a remark each. */
function breakCircles({ groups, remarks }: Draft): void {
  const done = new Set<string>();
  const walk = (name: string, above: readonly string[]): void => {
    const group = groups.get(name);
    if (group === undefined || done.has(name)) return;
    for (const child of [...group.children]) {
      if (child === name || above.includes(child)) {
        const circle = [...above.slice(above.indexOf(child)), name, child].join(' > ');
        const { path, line } = group.at;
        remarks.push({
          kind: 'not-understood',
          path,
          line,
          text: `groups in a circle, ${circle}: the last step is left out`,
        });
        group.children.delete(child);
      } else walk(child, [...above, name]);
    }
    done.add(name);
  };
  for (const name of groups.keys()) walk(name, []);
}

/** How far below `all` a group is, by its longest way. */
function depthsOf(groups: ReadonlyMap<string, DraftGroup>): Map<string, number> {
  const parents = new Map<string, string[]>();
  for (const [name, { children }] of groups) {
    for (const child of children) parents.set(child, [...(parents.get(child) ?? []), name]);
  }
  const depths = new Map<string, number>();
  const depth = (name: string): number => {
    const known = depths.get(name);
    if (known !== undefined) return known;
    const found = 1 + Math.max(0, ...(parents.get(name) ?? []).map(depth));
    depths.set(name, found);
    return found;
  };
  for (const name of groups.keys()) depth(name);
  return depths;
}
