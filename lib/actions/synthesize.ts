import type { StackDefinition } from '../engines/definition.ts';
import type { StackId } from '../stack/id.ts';
import type { SynthesizedStack } from '../stack/synthesized.ts';
import { cacheOf } from '../synthesis/artefact-cache.ts';
import { type SynthesisOptions, synthesize } from '../synthesis/synthesize.ts';
import { type ActionContext, progressOf } from './context.ts';

/** How actions synthesize: through the project's cache, on as many threads as asked for, telling how far it is. */
export function synthesisOptions(context: ActionContext, what: string): SynthesisOptions {
  const { root, parallelism } = context;
  return { cache: cacheOf(root), onProgress: progressOf(context, what), parallelism };
}

/** Synthesizes stacks of a catalogue; all where none are chosen. */
export function synthesizeCached(
  context: ActionContext,
  definitions: readonly StackDefinition[],
  only?: ReadonlySet<StackId>,
): Promise<SynthesizedStack[]> {
  const options = synthesisOptions(context, 'synthesizing stacks');
  return synthesize(definitions, only === undefined ? options : { ...options, only });
}
