import { availableParallelism } from 'node:os';
import type { StackDefinition } from '../engines/definition.ts';
import { enginePlugins } from '../engines/plugins.ts';
import type { Citation } from '../stack/cite.ts';
import { contentHash, hashOfParts } from '../stack/content-hash.ts';
import type { StackId } from '../stack/id.ts';
import type { SynthesizedStack } from '../stack/synthesized.ts';
import type { ArtefactCache, ArtefactText } from './artefact-cache.ts';
import { codeHash, projectCodeHash } from './code.ts';
import { synthesizeInProcess } from './in-process.ts';
import { synthesizeOnThreads } from './pool.ts';

export interface SynthesisOptions {
  /** Stacks to give; the others are there for what refers to them. @default all */
  readonly only?: ReadonlySet<StackId>;
  /** @default none: everything is synthesized */
  readonly cache?: ArtefactCache;
  /** Threads for large sets. @default the machine's cores, at most 8 */
  readonly parallelism?: number | undefined;
  /** Told as stacks are done; those from the cache are not counted. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** Work in one App, at most, as `StackDefinition.size` counts: enough that starting it costs nothing, little enough that a heap stays small. */
const BATCH = 16;
/** Batches for each thread, at least: while one thread works on the last batch, the others wait for it. */
const BATCHES_PER_THREAD = 8;
/** From this many stacks on, threads are worth their start: seen, four leases of 3,000 resources each take as long on two as on one. */
const THREADS_FROM = 24;

/**
 * Synthesizes a catalogue: a pure function of its definitions. Stacks whose inputs and code have been seen before come from the
 * cache; many others are spread over the cores.
 */
export async function synthesize(
  definitions: readonly StackDefinition[],
  options: SynthesisOptions = {},
): Promise<SynthesizedStack[]> {
  const { only, cache } = options;
  const wanted = (id: StackId) => only?.has(id) ?? true;
  const found = new Map<StackId, ArtefactText>();
  const missing: StackDefinition[][] = [];
  const keys = new Map<StackId, string>();
  for (const unit of unitsOf(definitions)) {
    if (!unit.some(({ id }) => wanted(id))) continue;
    const unitKey = cache === undefined ? '' : keyOf(unit);
    for (const { id } of unit) keys.set(id, hashOfParts([unitKey, id]));
    for (const { id } of unit.filter((each) => wanted(each.id))) {
      const cached = cache?.read(keys.get(id) ?? '');
      if (cached !== undefined) found.set(id, cached);
    }
    if (unit.some(({ id }) => wanted(id) && !found.has(id))) missing.push(unit);
  }
  const total = missing.reduce((sum, unit) => sum + unit.length, 0);
  let done = 0;
  await make(missing, options.parallelism ?? Math.min(availableParallelism(), 8), (artefacts) => {
    for (const [id, artefact] of artefacts) {
      found.set(id, artefact);
      cache?.write(keys.get(id) ?? '', artefact);
    }
    done += artefacts.size;
    options.onProgress?.(done, total);
  });
  if (total > 0) cache?.prune();
  return definitions.filter(({ id }) => wanted(id)).map((definition) => toStack(definition, found.get(definition.id)));
}

/** Stacks that refer to each other are made together, whichever of them is asked for. */
function unitsOf(definitions: readonly StackDefinition[]): StackDefinition[][] {
  return [...Map.groupBy(definitions, ({ unit }) => unit).values()];
}

function keyOf(unit: readonly StackDefinition[]): string {
  const parts = [codeHash()];
  for (const definition of unit) {
    parts.push(definition.id, definition.kind);
    if (definition.root !== undefined) parts.push(projectCodeHash(definition.root));
    for (const [name, input] of Object.entries(definition.inputs)) parts.push(name, hashOfInput(input));
  }
  return hashOfParts(parts);
}

/** Entities share their values: hash those once, not once a stack. */
function hashOfInput(input: unknown): string {
  if (typeof input !== 'object' || input === null || !('value' in input)) return contentHash(input);
  const { value, ...rest } = input;
  return hashOfParts([JSON.stringify(rest), contentHash(value)]);
}

async function make(
  units: readonly StackDefinition[][],
  threads: number,
  onBatch: (artefacts: Map<StackId, ArtefactText>) => void,
): Promise<void> {
  const stacks = units.flat();
  if (stacks.length < THREADS_FROM || threads < 2) {
    for (const batch of batchesOf(units, BATCH)) onBatch(await synthesizeInProcess(batch));
    return;
  }
  const size = Math.min(BATCH, Math.ceil(sizeOf(stacks) / (threads * BATCHES_PER_THREAD)));
  await synthesizeOnThreads(batchesOf(units, size), threads, onBatch);
}

/** Whole units, one engine a batch: a thread that meets only one engine loads only that. */
function batchesOf(units: readonly StackDefinition[][], size: number): StackDefinition[][] {
  const batches: StackDefinition[][] = [];
  for (const { name } of enginePlugins()) {
    let batch: StackDefinition[] = [];
    for (const unit of units.filter(([first]) => first?.engine === name)) {
      if (batch.length > 0 && sizeOf(batch) + sizeOf(unit) > size) {
        batches.push(batch);
        batch = [];
      }
      batch.push(...unit);
    }
    if (batch.length > 0) batches.push(batch);
  }
  return batches;
}

function sizeOf(definitions: readonly StackDefinition[]): number {
  return definitions.reduce((sum, { size = 1 }) => sum + size, 0);
}

function toStack(definition: StackDefinition, artefact: ArtefactText | undefined): SynthesizedStack {
  if (artefact === undefined) throw new Error(`no artefact for ${definition.id}`);
  const { id, engine, dependsOn, unresolvedInputs, takes, files, target } = definition;
  const { text, digest, citations } = artefact;
  let parsed: SynthesizedStack['citations'] | undefined;
  return {
    id,
    engine,
    dependsOn,
    unresolvedInputs,
    ...(takes === undefined ? {} : { takes }),
    files,
    target,
    text,
    digest,
    get citations() {
      parsed ??= JSON.parse(citations) as Readonly<Record<string, readonly Citation[]>>;
      return parsed;
    },
  };
}
