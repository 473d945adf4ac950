import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { synthesizeApart } from '../engines/custom-process.ts';
import type { Artefact, StackDefinition } from '../engines/definition.ts';
import { enginePlugins } from '../engines/plugins.ts';
import { isIsolated } from '../processes/isolated.ts';
import type { StackId } from '../stack/id.ts';
import { digestOf } from '../stack/synthesized.ts';
import type { ArtefactText } from './artefact-cache.ts';

/** Synthesizes whole units in this thread, and users' own stacks in a process apart. Engines are loaded only where a stack needs them. */
export async function synthesizeInProcess(
  definitions: readonly StackDefinition[],
): Promise<Map<StackId, ArtefactText>> {
  const folder = mkdtempSync(join(tmpdir(), 'tandem-synth-'));
  const texts = new Map<StackId, ArtefactText>();
  try {
    const foreign = isIsolated() ? [] : definitions.filter((each) => each.root !== undefined);
    const apart = foreign.length === 0 ? [] : await synthesizeApart(foreign);
    for (const [id, artefact] of apart) texts.set(id, toText(artefact));
    for (const plugin of enginePlugins()) {
      const own = definitions.filter((each) => each.engine === plugin.name && !foreign.includes(each));
      if (own.length === 0) continue;
      const made = await plugin.synthesize(own, join(folder, plugin.name));
      for (const [id, artefact] of made) texts.set(id, toText(artefact));
    }
    return texts;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function toText({ text, citations }: Artefact): ArtefactText {
  return { text, digest: digestOf(text), citations: JSON.stringify(citations) };
}
