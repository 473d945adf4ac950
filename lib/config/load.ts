import type { z } from 'zod';
import { BlueprintLoader } from './blueprint/load.ts';
import { clearSecrets } from './clear-secrets.ts';
import { type Problem, sortProblems, uniqueProblems } from './diagnostic.ts';
import type { ConfigFiles } from './files.ts';
import type { FOLDERS } from './folder.ts';
import { readApprovers, readFolder, readTop } from './folder.ts';
import { readKollaFiles } from './kolla-files.ts';
import { applyLayers, type Layer, type Layered } from './layer.ts';
import { withOpenChoices } from './open-choices.ts';
import { Origin } from './origin.ts';
import { readComponents, readTexts } from './own-components.ts';
import type { Entity, EntityKind, Project } from './project.ts';
import { type Pruned, salvage } from './salvage.ts';
import { type Approvers, approversSchema } from './schema/approvers.ts';
import { awsPricesSchema } from './schema/aws-prices.ts';
import { blueprintSchema } from './schema/blueprint.ts';
import { type Cloud, cloudSchema } from './schema/cloud.ts';
import { componentSchema, type OwnComponent } from './schema/component.ts';
import { environmentSchema } from './schema/environment.ts';
import { leaseSchema } from './schema/lease.ts';
import { linkSchema } from './schema/link.ts';
import { organisationSchema } from './schema/organisation.ts';
import { pricesSchema } from './schema/prices.ts';
import { checkShape } from './shape.ts';
import { unreadFiles } from './unread.ts';
import { readUserData } from './user-data.ts';

export interface LoadResult {
  /** Every problem of shape and reading, sorted. */
  readonly problems: readonly Problem[];
  /** Files that nothing reads: a slip of today, which says nothing against what could be loaded. */
  readonly unread: readonly Problem[];
  /** What could be loaded; undefined where there is no usable `config/tandem.yaml`. Entities with errors are left out. */
  readonly project?: Project;
  /** The same with what is left of entities with errors: for checks only, so that all problems are told at once. */
  readonly parts: ProjectParts;
  /** What was left out of `parts`: about what stands there, nothing can be said. */
  readonly pruned: readonly Pruned[];
  /** Names of all files by kind, those with errors included. */
  readonly names: Readonly<Record<EntityKind, ReadonlySet<string>>>;
}

export type ProjectParts = Omit<Project, 'organisation'> & {
  readonly organisation: Project['organisation'] | undefined;
};

/** Reads `config/` into a Project. Never throws for what is in the files; reports all problems at once. */
export function loadProject(files: ConfigFiles): LoadResult {
  const problems: Problem[] = [];
  const pruned: Pruned[] = [];
  const read: unknown[] = [];
  const take = <T extends z.ZodType>(kind: EntityKind, schema: T, layered: readonly Layered[]): Loaded<z.output<T>> => {
    const loaded = shapeAll(kind, schema, layered);
    problems.push(...loaded.problems);
    pruned.push(...loaded.pruned);
    return loaded;
  };
  const names = {} as Record<keyof typeof FOLDERS, ReadonlySet<string>>;
  let awsPrices: Project['awsPrices'];
  let loader: BlueprintLoader | undefined;
  const load = <T extends z.ZodType>(kind: keyof typeof FOLDERS, schema: T): Loaded<z.output<T>> => {
    const folder = readFolder(files, kind);
    names[kind] = folder.names;
    problems.push(...folder.problems);
    read.push(...[...folder.layers.values()].map((layer) => layer.value));
    // Prices of AWS have a form of their own.
    const [ofAws, others] = split([...folder.layers.values()], (layer) => kind === 'prices' && layer.name === 'aws');
    if (kind === 'prices') awsPrices = take('prices', awsPricesSchema, ofAws.map(alone)).sound.get('aws');
    if (kind === 'blueprint') {
      loader = new BlueprintLoader(
        folder.layers,
        folder.names,
        (layered) => take('blueprint', blueprintSchema, layered),
        (found) => problems.push(...found),
      );
      return loader.loadAll() as Loaded<z.output<T>>;
    }
    if (kind !== 'environment') return take(kind, schema, others.map(alone));
    const { layered, problems: found } = applyLayers(folder.layers, folder.names);
    problems.push(...found);
    return take(kind, schema, layered);
  };
  const top = readTop(files);
  problems.push(...top.problems);
  read.push(top.layer?.value);
  const organisations = take('organisation', organisationSchema, top.layer === undefined ? [] : [alone(top.layer)]);
  const signers = readApprovers(files);
  problems.push(...signers.problems);
  read.push(signers.layer?.value);
  const approvers = take('approvers', approversSchema, signers.layer === undefined ? [] : [alone(signers.layer)]);
  const loaded = {
    clouds: load('cloud', cloudSchema) as Loaded<Cloud>,
    environments: load('environment', environmentSchema),
    blueprints: load('blueprint', blueprintSchema),
    leases: load('lease', leaseSchema),
    links: load('link', linkSchema),
    prices: load('prices', pricesSchema),
  };
  const leased = loader?.loadForLeases(loaded.leases.all.values());
  const components = loadComponents(files, take, (found) => problems.push(...found));
  read.push(...components.read);
  const userData = readUserData(files, loaded.blueprints.sound);
  const kolla = readKollaFiles(files, names.cloud, loaded.clouds.sound);
  problems.push(...kolla.problems);
  for (const kind of ['sound', 'all'] as const)
    for (const [name, ownFiles] of kolla.byCloud) {
      const cloud = loaded.clouds[kind].get(name);
      if (cloud !== undefined)
        loaded.clouds[kind].set(name, { ...cloud, value: deepFreeze({ ...cloud.value, ownFiles }) });
    }
  const isTold = ({ file }: Problem) => top.problems.some((problem) => file.startsWith(`${problem.file}/`));
  problems.push(...userData.problems);
  const organisation = organisations.sound.get('tandem');
  const aws = awsPrices === undefined ? {} : { awsPrices };
  const result = {
    problems: sortProblems(uniqueProblems(problems)),
    unread: unreadFiles(files, read).filter((problem) => !isTold(problem)),
    parts: {
      organisation: organisations.all.get('tandem'),
      ...pick(loaded, 'all'),
      ...(leased === undefined ? {} : { leaseBlueprints: leased.all }),
      components: components.sound,
      ...only(approvers.all),
      ...aws,
    },
    pruned,
    names: {
      ...names,
      component: components.names,
      organisation: new Set(['tandem']),
      approvers: new Set(['approvers']),
    },
  };
  if (organisation === undefined) return result;
  const leaseBlueprints = leased === undefined || leased.sound.size === 0 ? {} : { leaseBlueprints: leased.sound };
  const own = components.sound.size === 0 ? {} : { components: components.sound };
  const single = { ...only(approvers.sound), ...aws, ...leaseBlueprints, ...own };
  const project = { organisation, ...pick(loaded, 'sound'), ...single, userData: userData.contents };
  return { ...result, project: files.root === undefined ? project : { ...project, root: files.root } };
}

type Take = <T extends z.ZodType>(kind: EntityKind, schema: T, layered: readonly Layered[]) => Loaded<z.output<T>>;

/** A project's own components that loaded whole, with the texts of their files. */
function loadComponents(files: ConfigFiles, take: Take, told: (problems: readonly Problem[]) => void) {
  const { layers, problems } = readComponents(files);
  told(problems);
  const sound = new Map<string, Entity<OwnComponent>>();
  for (const [name, entity] of take('component', componentSchema, [...layers.values()].map(alone)).sound) {
    const read = readTexts(files, name, entity.value.files, entity.origin);
    told(read.problems);
    if (read.problems.length > 0) continue;
    sound.set(name, { ...entity, value: deepFreeze({ ...entity.value, texts: read.texts }) });
  }
  return { sound, names: new Set(layers.keys()), read: [...layers.values()].map(({ value }) => value) };
}

/** `config/approvers.yaml` alone; undefined where there is none, or it has errors. */
export function loadApprovers(files: ConfigFiles): Approvers | undefined {
  const { layer } = readApprovers(files);
  return layer === undefined
    ? undefined
    : shapeAll('approvers', approversSchema, [alone(layer)]).sound.get('approvers')?.value;
}

interface Loaded<T> {
  /** Entities without a problem. */
  readonly sound: Map<string, Entity<T>>;
  /** Those, and what is left of others. */
  readonly all: Map<string, Entity<T>>;
}

function shapeAll<T extends z.ZodType>(kind: EntityKind, schema: T, layered: readonly Layered[]) {
  const sound = new Map<string, Entity<z.output<T>>>();
  const all = new Map<string, Entity<z.output<T>>>();
  const problems: Problem[] = [];
  const pruned: Pruned[] = [];
  for (const { name, file, value, origin, isBase, isWhole } of layered) {
    const checked = checkShape(schema, value, origin);
    // What a base leaves to others is missing only in those.
    const isPartial = isBase || !isWhole;
    problems.push(
      ...(isPartial
        ? checked.problems.filter((problem) => problem.code !== 'missing-key')
        : incomplete(kind, withOpenChoices(value, checked.problems, origin), origin)),
    );
    const told = new Set(checked.problems.map((problem) => problem.path));
    const secrets = clearSecrets(value, origin);
    problems.push(...secrets.filter(({ path }) => !told.has(path)));
    // No rule sees what nobody may read.
    if (secrets.length > 0) continue;
    // What such a file is once its base is fixed is not known yet.
    if (!isWhole) continue;
    const entity = (content: z.output<T>) => ({ kind, name, file, value: deepFreeze(content), origin });
    if (checked.value !== undefined) {
      sound.set(name, entity(checked.value));
      all.set(name, entity(checked.value));
    } else {
      const rest = salvage(schema, value);
      if (rest === undefined) continue;
      all.set(name, entity(rest.value));
      pruned.push(...rest.pruned.map((path) => ({ files: origin.files, path })));
    }
  }
  return { sound, all, problems, pruned };
}

/** An environment that lacks much, stands on no other and is stood on by none: one problem, not one for each key. */
function incomplete(kind: EntityKind, problems: readonly Problem[], origin: Origin): readonly Problem[] {
  const missing = problems.filter((problem) => problem.code === 'missing-key');
  if (kind !== 'environment' || missing.length < 2 || origin.files.length > 1) return problems;
  const message = `${missing.map((problem) => problem.path).join(', ')} are missing; no file extends this one, so it is an environment and must be complete`;
  const fix = 'write them, write `extends: <a base that has them>`, or remove the file';
  return [
    origin.problem('incomplete-environment', message, fix),
    ...problems.filter((problem) => problem.code !== 'missing-key'),
  ];
}

function split<T>(all: readonly T[], isFirst: (each: T) => boolean): [T[], T[]] {
  return [all.filter(isFirst), all.filter((each) => !isFirst(each))];
}

function alone(layer: Layer): Layered {
  const { name, file, value } = layer;
  return { name, file, value, origin: new Origin([layer]), isBase: false, isWhole: true };
}

type Maps<L, K extends 'sound' | 'all'> = { [P in keyof L]: L[P] extends Loaded<infer T> ? Loaded<T>[K] : never };

function pick<L extends Record<string, Loaded<unknown>>, K extends 'sound' | 'all'>(loaded: L, which: K): Maps<L, K> {
  return Object.fromEntries(Object.entries(loaded).map(([kind, each]) => [kind, each[which]])) as Maps<L, K>;
}

/** The one file of its kind, where it loaded. */
function only(files: ReadonlyMap<string, Entity<Approvers>>): Pick<Project, 'approvers'> {
  const approvers = files.get('approvers');
  return approvers === undefined ? {} : { approvers };
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    for (const inner of Object.values(value)) deepFreeze(inner);
    Object.freeze(value);
  }
  return value;
}
