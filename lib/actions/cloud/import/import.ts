import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { MAXIMUM_KOLLA_BYTES } from '../../../config/kolla-files.ts';
import { type Adoption, adoptTree } from '../../../private-cloud/import/adopt.ts';
import { cloudFile } from '../../../private-cloud/import/cloud-file.ts';
import { Inventory } from '../../../private-cloud/import/inventory.ts';
import { type Deployer, kollaSource } from '../../../private-cloud/import/kolla-source.ts';
import type { OverrideFile } from '../../../private-cloud/import/own-files.ts';
import { rolesOf } from '../../../private-cloud/import/roles.ts';
import type { Remark, Variable } from '../../../private-cloud/import/source.ts';
import { readYaml } from '../../../private-cloud/import/yaml.ts';
import type { ActionContext } from '../../context.ts';
import { importExists, importNameless, importUnreadable, importWithoutHosts } from './errors.ts';
import { readInventorySources, readSource } from './read-sources.ts';

export interface CloudImportOptions {
  /** Files or folders; later ones add to earlier ones, as with several `-i` of Ansible. */
  readonly inventory: readonly string[];
  /** Files of variables; later ones replace, as with several `-e` of Ansible. */
  readonly globals: readonly string[];
  /** Folder of Kolla's overrides, which the cloud's own folder takes over. @default - none is looked at */
  readonly config?: string | undefined;
  /** Of the cloud. @default - the name of the folder that the inventory is in */
  readonly name?: string | undefined;
  /** The cloud's own folder stands beside it: `NAME.kolla`. @default - config/clouds/NAME.yaml of the project */
  readonly out?: string | undefined;
  /** Writes over a file that is there. @default false */
  readonly overwrite?: boolean;
}

export interface CloudImportResult extends Pick<Adoption, 'kept' | 'comparison'> {
  readonly cloud: string;
  /** As it was given, or relative to the project. */
  readonly file: string;
  readonly deployer: Deployer;
  readonly hosts: number;
  readonly open: readonly { readonly path: string; readonly question: string }[];
  readonly remarks: readonly Remark[];
  /** Groups of the release that the tree does not have; they have the release's own children. */
  readonly supplied: readonly string[];
  /** Groups that the tree's deployer has for itself. */
  readonly deployersOwn: readonly string[];
}

/**
 * Writes a cloud that renders to the same meaning as a tree of Kolla-Ansible, Kayobe or OSISM, and tells where it does not.
 * @throws TandemError `import-unreadable`, `import-without-hosts`, `import-nameless`, `import-exists`
 */
export async function importCloud(
  context: Pick<ActionContext, 'folder' | 'root'>,
  options: CloudImportOptions,
): Promise<CloudImportResult> {
  const at = (path: string) => resolve(context.folder, path);
  const shown = (path: string) => relative(context.folder, at(path));
  const name = options.name ?? nameFrom(at(options.inventory[0] ?? ''));
  if (name === undefined || !/^[a-z][a-z0-9]{0,31}$/.test(name))
    throw importNameless(name ?? options.inventory[0] ?? '');
  const out = options.out ?? `config/clouds/${name}.yaml`;
  const file = options.out === undefined ? join(context.root, out) : at(out);
  const folderOf = (path: string) => `${path.replace(/\.ya?ml$/, '')}.kolla`;
  if (options.overwrite !== true) {
    if (existsSync(file)) throw importExists(out, name);
    if (options.config !== undefined && existsSync(folderOf(file))) throw importExists(folderOf(out), name);
  }
  const inventory = Inventory.read(readInventorySources(options.inventory.map(at)));
  const variables = new Map<string, Variable>();
  const remarks = [...inventory.remarks];
  for (const path of options.globals) {
    const read = readYaml(readSource(at(path)));
    for (const [key, each] of read.variables) variables.set(key, each);
    remarks.push(...read.remarks);
  }
  const overrides = options.config === undefined ? [] : overridesBelow(at(options.config));
  const source = kollaSource(inventory, variables, overrides);
  const roles = rolesOf(source);
  if (roles.size === 0) throw importWithoutHosts(options.inventory[0] ?? '', inventory.remarks);
  const adoption = adoptTree(name, source);
  const text = cloudFile(adoption, [...options.inventory, ...options.globals].map(shown));
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  if (options.config !== undefined) writeOwn(folderOf(file), source.own.files);
  return {
    ...{
      cloud: name,
      file: out,
      deployer: source.deployer,
      hosts: roles.size,
    },
    open: [...adoption.questions].map(([path, question]) => ({ path, question })),
    ...{ remarks: [...remarks, ...source.remarks], supplied: source.supplied, deployersOwn: source.deployersOwn },
    ...{ kept: adoption.kept, comparison: adoption.comparison },
  };
}

/** The folder that the inventory is in, as far as it makes a name. */
function nameFrom(path: string): string | undefined {
  const parts = path
    .split('/')
    .filter((part) => !/^(?:inventory|ansible|etc|kolla|hosts|multinode|all-in-one)$|\./.test(part));
  const name = parts
    .at(-1)
    ?.toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '')
    .replace(/^\d+/, '')
    .slice(0, 32);
  return name === undefined || name === '' ? undefined : name;
}

/** Whatever stood there is gone. */
function writeOwn(folder: string, files: Readonly<Record<string, string>>): void {
  rmSync(folder, { recursive: true, force: true });
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

function overridesBelow(folder: string): OverrideFile[] {
  return filesBelow(folder).map((path) => {
    const isLarge = statSync(join(folder, path)).size > MAXIMUM_KOLLA_BYTES;
    return { path, bytes: isLarge ? new Uint8Array(MAXIMUM_KOLLA_BYTES + 1) : readFileSync(join(folder, path)) };
  });
}

/** @throws TandemError `import-unreadable` where there is no such folder */
function filesBelow(folder: string, below = ''): string[] {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true)
    throw importUnreadable(
      folder,
      1,
      'it is no folder',
      'name the folder of overrides, `config` or `node_custom_config`',
    );
  return readdirSync(join(folder, below))
    .filter((each) => !each.startsWith('.'))
    .sort()
    .flatMap((each) => {
      const path = below === '' ? each : `${below}/${each}`;
      return statSync(join(folder, path)).isDirectory() ? filesBelow(folder, path) : [path];
    });
}
