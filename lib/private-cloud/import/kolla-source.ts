import type { InventoryGroup } from '../kolla/inventory.ts';
import { membersOf } from '../kolla/inventory.ts';
import { RELEASE } from '../kolla/release.ts';
import type { Inventory } from './inventory.ts';
import { type OverrideFile, type OwnFiles, ownFilesOf } from './own-files.ts';
import { hasTemplate, isTemplate, type Plain, type Remark, type Variable, type Variables } from './source.ts';

/** Whose tree it is: which tool makes what kolla-ansible reads. */
export type Deployer = 'kolla-ansible' | 'kayobe' | 'osism';

/** A tree as kolla-ansible would be given it. */
export interface KollaSource {
  readonly deployer: Deployer;
  readonly inventory: Inventory;
  /** All that the files of variables say: what facts are looked up in. */
  readonly globals: Variables;
  /** Those of them that kolla-ansible gets, as it gets them. */
  readonly kollasGlobals: Variables;
  /** Every group of the tree, and those of the release that it lacks. */
  readonly groups: readonly InventoryGroup[];
  /** Groups of the release that the tree does not have, and that have the release's own children here. */
  readonly supplied: readonly string[];
  /** Groups that the deployer has for itself and kolla-ansible never sees. */
  readonly deployersOwn: readonly string[];
  /** What kolla-ansible gets and cannot be told here. */
  readonly remarks: readonly Remark[];
  /** What becomes of its overrides, the files below `node_custom_config`. */
  readonly own: OwnFiles;
}

/** Kayobe's groups, by the groups of Kolla that it makes from them. */
const OF_KAYOBE: Readonly<Record<string, string>> = {
  control: 'controllers',
  network: 'network',
  compute: 'compute',
  monitoring: 'monitoring',
  storage: 'storage',
};

/** Pure. */
export function kollaSource(inventory: Inventory, globals: Variables, overrides: readonly OverrideFile[]): KollaSource {
  const deployer = deployerOf(inventory);
  const written = deployer === 'kayobe' ? kayobesGlobals(globals) : { variables: globals, remarks: [] };
  const own = deployer === 'kayobe' ? kayobesGroups(inventory) : inventory.groups;
  const names = new Set(own.map(({ name }) => name));
  const supplied = Object.keys(RELEASE.groups).filter((name) => !names.has(name));
  const groups = [...own, ...supplied.map((name) => ({ name, hosts: [], children: RELEASE.groups[name] ?? [] }))];
  const kept = new Set(groups.map(({ name }) => name));
  return {
    ...{ deployer, inventory, globals, supplied },
    own: ownFilesOf(
      overrides,
      deployer === 'kayobe' ? (text) => withoutRaw(text) as string | undefined : (text) => text,
    ),
    kollasGlobals: written.variables,
    remarks: written.remarks,
    groups: groups.map((group) => ({ ...group, children: group.children.filter((child) => kept.has(child)) })),
    deployersOwn: inventory.groups.map(({ name }) => name).filter((name) => !kept.has(name)),
  };
}

function deployerOf(inventory: Inventory): Deployer {
  if (inventory.has('controllers') && inventory.has('overcloud')) return 'kayobe';
  return inventory.has('generic') && inventory.has('manager') && !inventory.has('baremetal')
    ? 'osism'
    : 'kolla-ansible';
}

/**
 * Kayobe's `kolla/globals.yml`, its switches `kolla_enable_heat`, which it writes as `enable_heat`, and the addresses that it gives out.
 * Its file is a template itself: what stands in `raw` there is left to kolla-ansible, everything else is Kayobe's.
 */
function kayobesGlobals(globals: Variables): { readonly variables: Variables; readonly remarks: readonly Remark[] } {
  const variables = new Map<string, Variable>();
  const remarks: Remark[] = [];
  for (const [name, variable] of globals) {
    const own = /^kolla_(enable_(?!tls_)\w+)$/.exec(name)?.[1];
    const isKollas =
      /(?:^|\/)globals[^/]*\.ya?ml$/.test(variable.path) ||
      /^kolla_(?:enable_tls_\w+|base_distro|(?:in|ex)ternal_fqdn)$/.test(name);
    if (own === undefined && !isKollas) continue;
    const value = withoutRaw(variable.value);
    if (value !== undefined) variables.set(own ?? name, { ...variable, value });
    else {
      const text = `Kayobe evaluates ${name}: it is left out; import the globals.yml that Kayobe writes for it`;
      remarks.push({ kind: 'not-understood', path: variable.path, line: variable.line, text });
    }
  }
  for (const [role, name] of [
    ['internal', 'kolla_internal_vip_address'],
    ['public', 'kolla_external_vip_address'],
  ] as const) {
    const net = globals.get(`${role}_net_name`)?.value;
    const address = typeof net === 'string' ? globals.get(`${net}_vip_address`) : undefined;
    if (address !== undefined && !variables.has(name)) variables.set(name, address);
  }
  return { variables, remarks };
}

/** What is left of a value once Kayobe has written it; undefined where Kayobe itself evaluates some of it. */
function withoutRaw(value: Plain): Plain | undefined {
  if (typeof value === 'string') {
    const [outside, inside] = [value.replaceAll(RAW, ''), value.replaceAll(RAW, '$1')];
    return isTemplate(outside) ? undefined : inside;
  }
  return hasTemplate(value) ? undefined : value;
}

const RAW = /\{%-?\s*raw\s*-?%\}(.*?)\{%-?\s*endraw\s*-?%\}/gs;

/** Kayobe writes the groups of hosts into an inventory of its own making; that of the services is kolla-ansible's. */
function kayobesGroups(inventory: Inventory): InventoryGroup[] {
  return Object.entries(OF_KAYOBE).map(([name, group]) => ({ name, hosts: inventory.members(group), children: [] }));
}

export function membersIn({ groups }: Pick<KollaSource, 'groups'>, name: string): readonly string[] {
  return membersOf(groups, name);
}

/** What kolla-ansible is told of a host. Kayobe keeps its own variables to itself, and writes the host's address. */
export function hostVariables({ deployer, inventory }: KollaSource, host: string): Variables {
  return deployer === 'kayobe' ? new Map() : inventory.variables(host);
}
