import { DEFAULTS } from '../kolla/inventory.ts';
import { Inventory } from './inventory.ts';
import { hostVariables, type KollaSource, membersIn } from './kolla-source.ts';
import { meansSame, resolved } from './meaning.ts';
import type { OwnFiles } from './own-files.ts';
import { asPassedOn } from './passed-on.ts';
import { reasonOfGlobal, reasonOfVariable } from './reasons.ts';
import { releaseDefault } from './release-defaults.ts';
import { isSame, rolesOf } from './roles.ts';
import type { Plain, Variables } from './source.ts';
import { readYaml } from './yaml.ts';

/** Something that is not the same in the tree and in what is rendered from the written cloud, and why. */
export interface Difference {
  readonly what: 'group' | 'global' | 'variable' | 'file';
  /** `mariadb`, `enable_heat`, `control01.ansible_host`, `config/global.conf`. */
  readonly name: string;
  /** Null where it is not there. */
  readonly tree: Plain;
  readonly rendered: Plain;
  readonly reason: string;
}

export interface Comparison {
  /** How many are the same. */
  readonly same: { readonly groups: number; readonly globals: number; readonly variables: number };
  readonly differences: readonly Difference[];
}

/** What a rendered tree holds, read by the same reader as the tree that was imported. */
export interface RenderedTree {
  readonly inventory: Inventory;
  readonly globals: Variables;
  /** Why Tandem sets a variable. */
  readonly reasons: ReadonlyMap<string, string>;
  /** Paths of what is laid over Kolla's own configuration. */
  readonly overrides: readonly string[];
  /** Those of them that Tandem writes, with or without the tree's own beside. */
  readonly tandems: ReadonlySet<string>;
}

export function readRendered(
  files: Readonly<Record<string, string>>,
  reasons: ReadonlyMap<string, string>,
  own: OwnFiles['files'],
): RenderedTree {
  const below = (folder: string) =>
    Object.entries(files)
      .filter(([path]) => path.startsWith(`inventory/${folder}/`))
      .map(([path, text]) => ({ path, text, name: path.slice(`inventory/${folder}/`.length).replace(/\.yml$/, '') }));
  const inventory = Inventory.read({
    files: [{ path: 'inventory/multinode', text: files['inventory/multinode'] ?? '' }],
    groupVariables: below('group_vars'),
    hostVariables: below('host_vars'),
  });
  return {
    ...{ inventory, reasons },
    globals: readYaml({ path: 'globals.yml', text: files['globals.yml'] ?? '' }).variables,
    overrides: Object.keys(files).filter((path) => path.startsWith('config/')),
    tandems: new Set(Object.keys(files).filter((path) => files[path] !== own[path.slice('config/'.length)])),
  };
}

/** By meaning: groups by their hosts, globals and variables by their values, defaults of the release included. Pure. */
export function compareTrees(
  source: KollaSource,
  rendered: RenderedTree,
  questions: ReadonlyMap<string, string>,
): Comparison {
  const groups = groupDifferences(source, rendered);
  const globals = globalDifferences(source, rendered, questions);
  const variables = variableDifferences(source, rendered, questions);
  return {
    same: { groups: groups.same, globals: globals.same, variables: variables.same },
    differences: [...groups.found, ...globals.found, ...variables.found, ...fileDifferences(source, rendered)],
  };
}

interface Found {
  readonly same: number;
  readonly found: readonly Difference[];
}

function groupDifferences(source: KollaSource, { inventory }: RenderedTree): Found {
  const isTandems = (name: string) => /^(?:rack|hosts)-/.test(name) || name === DEFAULTS;
  const own = source.groups.map(({ name }) => name);
  const others = inventory.groups.map(({ name }) => name).filter((name) => !own.includes(name) && !isTandems(name));
  const found = [...own, ...others].flatMap((name): Difference[] => {
    const [tree, now] = [membersIn(source, name), inventory.members(name)];
    if (isSame(tree, now)) return [];
    const isDeployment = name === 'deployment' && tree.length === 0;
    const reason = isDeployment
      ? "kolla-ansible's own host, as in its example"
      : 'the cloud has other hosts there: state it in kolla.inventory';
    return [{ what: 'group', name, tree, rendered: now, reason }];
  });
  return { same: own.length + others.length - found.length, found };
}

function globalDifferences(
  source: KollaSource,
  { globals, reasons }: RenderedTree,
  questions: ReadonlyMap<string, string>,
): Found {
  const names = [...new Set([...source.kollasGlobals.keys(), ...globals.keys()])];
  const written = (variables: Variables) => (name: string) => variables.get(name)?.value;
  const found = names.flatMap((name): Difference[] => {
    const [said, stands] = [written(source.kollasGlobals)(name), written(globals)(name)];
    // What both say in the same words means the same, whatever else those words name.
    if (said !== undefined && stands !== undefined && isPassedOn(said, stands)) return [];
    const value = (variables: Variables): Plain => {
      const lookup = (each: string) => written(variables)(each) ?? releaseDefault(each, written(variables));
      return resolved(lookup(name) ?? null, lookup);
    };
    const [tree, now] = [value(source.kollasGlobals), value(globals)];
    if (isPassedOn(tree, now)) return [];
    const reason = reasonOfGlobal(name, tree, { source, questions, why: reasons.get(name) });
    return [{ what: 'global', name, tree, rendered: now, reason }];
  });
  return { same: names.length - found.length, found };
}

function variableDifferences(
  source: KollaSource,
  { inventory }: RenderedTree,
  questions: ReadonlyMap<string, string>,
): Found {
  let same = 0;
  const found = [...rolesOf(source).keys()].flatMap((host) => {
    const [tree, now] = [hostVariables(source, host), inventory.variables(host)];
    // Nothing but Tandem's own files reads these.
    const names = [...new Set([...tree.keys(), ...now.keys()])].filter((name) => !name.startsWith('tandem_'));
    return names.flatMap((name): Difference[] => {
      const value = (variables: Variables): Plain =>
        resolved(variables.get(name)?.value ?? releaseDefault(name) ?? null, (other) => variables.get(other)?.value);
      const [said, stands] = [tree.get(name)?.value, now.get(name)?.value];
      if (isPassedOn(said ?? null, stands ?? null) || isPassedOn(value(tree), value(now))) {
        same += 1;
        return [];
      }
      const reason = reasonOfVariable(name, source, questions);
      return [{ what: 'variable', name: `${host}.${name}`, tree: value(tree), rendered: value(now), reason }];
    });
  });
  return { same, found };
}

function isPassedOn(tree: Plain, rendered: Plain): boolean {
  return meansSame(tree, rendered) || meansSame(asPassedOn(tree), rendered);
}

function fileDifferences({ own: { files, left } }: KollaSource, rendered: RenderedTree): Difference[] {
  const isBoth = (path: string) => Object.hasOwn(files, path.slice('config/'.length));
  return [
    ...rendered.overrides
      .filter((path) => !isBoth(path) || rendered.tandems.has(path))
      .map((path): Difference => {
        const reason = isBoth(path)
          ? "the tree's own settings, and beside them those of Tandem: failover times and MTUs that Kolla has no variable for"
          : path.startsWith('config/prometheus/')
            ? 'alerts on what Tandem predicts'
            : "Tandem lays it over Kolla's own, for failover times and MTUs that Kolla has no variable for";
        return { what: 'file', name: path, tree: isBoth(path) ? 'there' : null, rendered: 'there', reason };
      }),
    ...left.map(({ name, value, reason }): Difference => ({ what: 'file', name, tree: value, rendered: null, reason })),
  ];
}
