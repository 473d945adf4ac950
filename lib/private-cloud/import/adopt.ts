import { type Cloud, cloudSchema } from '../../config/schema/cloud.ts';
import { globalSettings } from '../kolla/globals.ts';
import { renderTree } from '../kolla/render.ts';
import { topologyOf } from '../topology/topology.ts';
import { cloudOf } from './cloud.ts';
import { type Comparison, compareTrees, type RenderedTree, readRendered } from './compare.ts';
import { keepMore, keptFromTheStart } from './kept.ts';
import type { KollaSource } from './kolla-source.ts';
import { questionsIn, supposed } from './open.ts';

/** A cloud that renders to the meaning of a tree, and how far it does. */
export interface Adoption {
  /** With `Open` where the tree does not say. */
  readonly cloud: Readonly<Record<string, unknown>>;
  /** By path. */
  readonly questions: ReadonlyMap<string, string>;
  /** Names of what the cloud only passes on: `enable_heat`, `grafana`, `compute.gpu`. */
  readonly kept: {
    readonly globals: readonly string[];
    readonly groups: readonly string[];
    readonly variables: readonly string[];
    /** Of its overrides, by path. */
    readonly files: readonly string[];
  };
  readonly comparison: Comparison;
}

/** A kept group changes what the groups above it hold: that many rounds reach from a service to `control`. */
const ROUNDS = 6;

/** Pure. */
export function adoptTree(name: string, source: KollaSource): Adoption {
  const bare = cloudOf(name, source);
  const { globals, groups, hosts } = keptFromTheStart(source);
  const withKept = () => ({
    ...bare,
    kolla: {
      ...(bare['kolla'] as object),
      ...filled({ globals }),
      ...filled({ inventory: { ...filled({ groups }), ...filled({ hosts }) } }),
    },
  });
  const render = (): RenderedTree => {
    const whole = { ...cloudSchema.parse(supposed(withKept())), ownFiles: source.own.files };
    return readRendered(renderTree(name, whole).files, reasonsOf(name, whole), source.own.files);
  };
  for (let round = 0; round < ROUNDS; round += 1) if (!keepMore(source, render(), { globals, groups, hosts })) break;
  const cloud = withKept();
  const questions = new Map(questionsIn(cloud));
  const variablesOf = (holders: readonly (readonly [string, object])[]) =>
    holders.flatMap(([holder, variables]) => Object.keys(variables).map((variable) => `${holder}.${variable}`));
  const stated = Object.entries(groups).filter(([, own]) => own.hosts !== undefined || own.children !== undefined);
  return {
    ...{ cloud, questions },
    kept: {
      globals: Object.keys(globals),
      groups: stated.map(([group]) => group),
      variables: variablesOf([
        ...Object.entries(groups).map(([group, { variables = {} }]) => [group, variables] as const),
        ...Object.entries(hosts),
      ]),
      files: Object.keys(source.own.files),
    },
    comparison: compareTrees(source, render(), questions),
  };
}

function reasonsOf(name: string, cloud: Cloud): Map<string, string> {
  if (cloud.kolla === undefined) return new Map();
  const settings = globalSettings(name, cloud, cloud.kolla, topologyOf(name, cloud));
  return new Map(
    settings.flatMap(({ key, why }) =>
      why === undefined ? [] : [[key, typeof why === 'string' ? why : why.join('; ')]],
    ),
  );
}

function filled(entry: Readonly<Record<string, object>>): Readonly<Record<string, object>> {
  return Object.values(entry).every((value) => Object.keys(value).length === 0) ? {} : entry;
}
