import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StackId } from '../stack/id.ts';
import { digestOf } from '../stack/synthesized.ts';
import type { ArtefactText } from './artefact-cache.ts';
import type { StackDefinition } from './catalogue.ts';

/** Synthesizes whole units in this thread. Engines are loaded only where a stack needs them. */
export async function synthesizeInProcess(
  definitions: readonly StackDefinition[],
): Promise<Map<StackId, ArtefactText>> {
  const folder = mkdtempSync(join(tmpdir(), 'tandem-synth-'));
  try {
    const terraform = definitions.filter((each) => each.engine === 'terraform');
    const aws = definitions.filter((each) => each.engine === 'cloudformation');
    const kolla = definitions.filter((each) => each.engine === 'kolla');
    const made = new Map([
      ...(terraform.length > 0
        ? (await import('../engines/terraform/app.ts')).synthesizeTerraform(terraform, join(folder, 'tf'))
        : []),
      ...(kolla.length > 0 ? (await import('../engines/kolla/app.ts')).synthesizeKolla(kolla) : []),
      ...(aws.length > 0
        ? (await import('../engines/cloudformation/app.ts')).synthesizeAws(aws, join(folder, 'aws'))
        : []),
    ]);
    const texts = new Map<StackId, ArtefactText>();
    for (const { id } of definitions) {
      const artefact = made.get(id);
      if (artefact === undefined) throw new Error(`no artefact for ${id}`);
      const { text, citations } = artefact;
      texts.set(id, { text, digest: digestOf(text), citations: JSON.stringify(citations) });
    }
    return texts;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
