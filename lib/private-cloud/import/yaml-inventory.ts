import type { Draft } from './draft.ts';
import { namesOf } from './host-range.ts';
import { isMap, type Place, type Plain, type SourceFile } from './source.ts';
import { readYaml } from './yaml.ts';

/** No inventory of people nests so deep: what does, holds itself. */
const DEEPEST = 30;

/** Reads an inventory in Ansible's YAML form: groups with `hosts`, `children` and `vars`. Never throws. */
export function readYamlInventory(draft: Draft, file: SourceFile): void {
  const { variables, remarks } = readYaml(file);
  draft.remarks.push(...remarks);
  for (const [name, { value, line }] of variables) readGroup(draft, name, value, { path: file.path, line }, 0);
}

function readGroup(draft: Draft, name: string, value: Plain, at: Place, depth: number): void {
  const group = draft.group(name, at, true);
  if (value === null) return;
  if (!isMap(value) || depth > DEEPEST) {
    draft.remark(at, `group ${name} is no map of hosts, children and vars: it is left out`);
    return;
  }
  for (const [key, inner] of Object.entries(value)) {
    if (!['hosts', 'children', 'vars'].includes(key)) {
      draft.remark(at, `"${key}" in group ${name} is none of hosts, children and vars: it is left out`);
    } else if (inner !== null && !isMap(inner)) {
      draft.remark(at, `${key} of group ${name} is no map: it is left out`);
    } else if (key === 'children') {
      for (const [child, content] of Object.entries(inner ?? {})) {
        group.children.add(child);
        readGroup(draft, child, content, at, depth + 1);
      }
    } else if (key === 'vars') {
      for (const [variable, content] of Object.entries(inner ?? {})) draft.set(group.variables, variable, content, at);
    } else readHosts(draft, name, inner ?? {}, at);
  }
}

function readHosts(draft: Draft, group: string, hosts: { readonly [key: string]: Plain }, at: Place): void {
  for (const [pattern, content] of Object.entries(hosts)) {
    const names = namesOf(pattern);
    if (names === undefined)
      draft.remark(at, `"${pattern}" in group ${group} names no host that can be read: it is left out`);
    if (content !== null && !isMap(content))
      draft.remark(at, `the variables of ${pattern} are no map: they are left out`);
    for (const name of names ?? []) {
      draft.group(group, at, true).hosts.add(name);
      const variables = draft.host(name);
      const own = isMap(content) ? Object.entries(content) : [];
      for (const [variable, value] of own) draft.set(variables, variable, value, at);
    }
  }
}
