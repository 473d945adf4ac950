import { type WrittenStack, writeArtefacts } from '../../synthesis/write.ts';
import { requireProject } from '../configuration.ts';
import { type ActionContext, progressOf } from '../context.ts';

export interface SynthOptions {
  /** Ids, globs or short names; all stacks where there is none. */
  readonly selectors: readonly string[];
}

export interface SynthResult {
  readonly stacks: readonly WrittenStack[];
}

/** Writes the artefacts of all engines: `cdk.out/`, `cdktf.out/`, `kolla.out/`. */
export async function synth(context: ActionContext, { selectors }: SynthOptions): Promise<SynthResult> {
  const { root, parallelism } = context;
  const stacks = await writeArtefacts(requireProject(context), root, selectors, {
    ...{ parallelism, onProgress: progressOf(context, 'synthesizing stacks') },
  });
  return { stacks };
}
