import { parse } from 'yaml';
import { assignmentsIn } from '../../private-cloud/kolla/ini.ts';
import type { InventoryGroup } from '../../private-cloud/kolla/inventory.ts';
import { digestOf } from '../../stack/synthesized.ts';

/** Files of a tree: content by path. */
export type Files = Readonly<Record<string, string>>;

/** The tree that an artefact is; none where there is no artefact. */
export function filesIn(artefact: string | undefined): Files {
  return artefact === undefined ? {} : (JSON.parse(artefact) as Files);
}

/** The variables of a tree's `globals.yml`. */
export function globalsOf(files: Files): Readonly<Record<string, unknown>> {
  return valuesOf('globals.yml', files['globals.yml'] ?? '');
}

/** Text that Ansible does not evaluate is another value than the template of the same letters. */
const UNSAFE = { tag: '!unsafe', resolve: (text: string) => `!unsafe ${text}` };

/** The values of a rendered file, without its comments: what a difference of two trees is a difference of. */
export function valuesOf(path: string, content: string): Readonly<Record<string, unknown>> {
  if (path === 'inventory/multinode')
    return Object.fromEntries(
      readInventory(content).map(({ name, hosts, children }) => [name, children.length > 0 ? children : hosts]),
    );
  if (path.startsWith('config/')) return overrideValues(path, content);
  return (parse(content, { customTags: [UNSAFE] }) ?? {}) as Record<string, unknown>;
}

/** Files of one's own may be of any form, with templates anywhere: one that cannot be read by names is its digest. */
function overrideValues(path: string, content: string): Readonly<Record<string, unknown>> {
  if (path.endsWith('keepalived.conf')) return readBlocks(content);
  if (/\.(?:conf|ini|cnf)$/.test(path)) return readIni(content);
  try {
    if (path.endsWith('.rules')) return readRules(content);
    const values: unknown = /\.(?:ya?ml|json)$/.test(path) ? parse(content, { logLevel: 'silent' }) : undefined;
    if (typeof values === 'object' && values !== null) return values as Record<string, unknown>;
  } catch {
    // Its digest says that it changed.
  }
  return { content: digestOf(content) };
}

/** Groups of an inventory, in order. */
export function readInventory(content: string): InventoryGroup[] {
  const groups: { name: string; hosts: string[]; children: string[] }[] = [];
  let isChildren = false;
  for (const line of lines(content)) {
    const [, name, kind] = /^\[([^:\]]+)(:children)?\]$/.exec(line) ?? [];
    const current = groups.at(-1);
    if (name !== undefined) {
      groups.push({ name, hosts: [], children: [] });
      isChildren = kind !== undefined;
    } else if (isChildren) current?.children.push(line);
    else current?.hosts.push(line.split(' ')[0] ?? line);
  }
  return groups;
}

/** Rules of Prometheus by name, and by zone where several have it. */
function readRules(content: string): Record<string, unknown> {
  const { groups } = parse(content) as { groups: readonly { rules: readonly Rule[] }[] };
  const nameOf = ({ alert, record, labels }: Rule) =>
    [alert ?? record ?? '', ...(labels?.zone === undefined ? [] : [labels.zone])].join(' ');
  return Object.fromEntries(groups.flatMap(({ rules }) => rules.map((rule) => [nameOf(rule), rule])));
}

interface Rule {
  readonly alert?: string;
  readonly record?: string;
  readonly labels?: { readonly zone?: string };
}

function readIni(content: string): Record<string, unknown> {
  const values: Record<string, Record<string, string>> = {};
  for (const { section, key, value } of assignmentsIn(content)) {
    const own = (values[section] ??= {});
    // A name that stands there twice has both values.
    own[key] = own[key] === undefined ? value : `${own[key]}\n${value}`;
  }
  return values;
}

/** keepalived's blocks: `vrrp_instance x { advert_int 1 }` is `vrrp_instance.advert_int`. Template lines count as values. */
function readBlocks(content: string): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  const inside: string[] = [];
  for (const [index, line] of lines(content).entries()) {
    if (line === '}') inside.pop();
    else if (line.endsWith('{') && !line.startsWith('{')) inside.push(line.split(' ')[0] ?? line);
    else if (line.startsWith('{')) values[`template.${index}`] = line;
    else {
      const [key = line, ...rest] = line.split(' ');
      values[[...inside, key].join('.')] = rest.join(' ');
    }
  }
  return values;
}

function lines(content: string): string[] {
  return content
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#') && line !== '---');
}
