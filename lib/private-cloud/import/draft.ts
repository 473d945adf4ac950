import type { Place, Plain, Remark, Variable } from './source.ts';

export interface DraftGroup {
  /** Named in the group itself, in order. */
  readonly hosts: Set<string>;
  readonly children: Set<string>;
  /** Written in the inventory itself. */
  readonly variables: Map<string, Variable>;
  /** Of `group_vars`, which count more, whatever the group. */
  readonly fromFiles: Map<string, Variable>;
  /** Where it was first named. */
  readonly at: Place;
  /** Whether it has a section or entry of its own; a child alone has none, and Ansible refuses it. */
  isDefined: boolean;
}

/** An inventory while its files are read, one after the other: later ones add, and replace variables. */
export class Draft {
  readonly groups = new Map<string, DraftGroup>();
  readonly hosts = new Map<string, Map<string, Variable>>();
  readonly remarks: Remark[] = [];

  group(name: string, at: Place, isDefined: boolean): DraftGroup {
    let group = this.groups.get(name);
    if (group === undefined) {
      group = { hosts: new Set(), children: new Set(), variables: new Map(), fromFiles: new Map(), at, isDefined };
      this.groups.set(name, group);
    }
    group.isDefined ||= isDefined;
    return group;
  }

  host(name: string): Map<string, Variable> {
    let variables = this.hosts.get(name);
    if (variables === undefined) {
      variables = new Map();
      this.hosts.set(name, variables);
    }
    return variables;
  }

  set(variables: Map<string, Variable>, name: string, value: Plain, at: Place): void {
    variables.set(name, { value, path: at.path, line: at.line });
  }

  remark(at: Place, text: string, kind: Remark['kind'] = 'not-understood'): void {
    this.remarks.push({ kind, path: at.path, line: at.line, text });
  }
}
