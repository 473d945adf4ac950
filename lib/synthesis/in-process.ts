import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StackDefinition } from '../engines/definition.ts';
import { enginePlugins } from '../engines/plugins.ts';
import type { StackId } from '../stack/id.ts';
import { digestOf } from '../stack/synthesized.ts';
import type { ArtefactText } from './artefact-cache.ts';

/** Synthesizes whole units in this thread. Engines are loaded only where a stack needs them. */
export async function synthesizeInProcess(
  definitions: readonly StackDefinition[],
): Promise<Map<StackId, ArtefactText>> {
  const folder = mkdtempSync(join(tmpdir(), 'tandem-synth-'));
  const texts = new Map<StackId, ArtefactText>();
  try {
    for (const plugin of enginePlugins()) {
      const own = definitions.filter((each) => each.engine === plugin.name);
      if (own.length === 0) continue;
      const made = await plugin.synthesize(own, join(folder, plugin.name));
      for (const [id, { text, citations }] of made)
        texts.set(id, { text, digest: digestOf(text), citations: JSON.stringify(citations) });
    }
    return texts;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
