import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { artefactName, type StackId } from '../../stack/id.ts';
import type { SynthesizedStack } from '../../stack/synthesized.ts';

export function terraformFile(stack: StackId): string {
  return `cdktf.out/stacks/${artefactName(stack)}/cdk.tf.json`;
}

/** Writes `cdktf.out/` with the same bytes as `cdktn synth`, its manifest included. */
export function writeTerraform(root: string, stacks: readonly SynthesizedStack[]): void {
  const folder = join(root, 'cdktf.out');
  const names = new Set(stacks.map(({ id }) => artefactName(id)));
  removeOthers(folder, new Set(['stacks', 'manifest.json']));
  removeOthers(join(folder, 'stacks'), names);
  const manifest: Record<string, unknown> = {};
  for (const stack of stacks) {
    const name = artefactName(stack.id);
    mkdirSync(join(folder, 'stacks', name), { recursive: true });
    removeOthers(join(folder, 'stacks', name), new Set(['cdk.tf.json']));
    writeFileSync(join(root, terraformFile(stack.id)), stack.text);
    manifest[name] = {
      annotations: [],
      constructPath: name,
      dependencies: [],
      name,
      stackMetadataPath: `stacks/${name}/metadata.json`,
      synthesizedStackPath: `stacks/${name}/cdk.tf.json`,
      workingDirectory: `stacks/${name}`,
    };
  }
  // Keys sorted, as cdktn does.
  const sorted = Object.fromEntries(Object.entries(manifest).sort(([a], [b]) => (a < b ? -1 : 1)));
  const { version } = createRequire(import.meta.url)('cdktf/package.json') as { version: string };
  writeFileSync(join(folder, 'manifest.json'), JSON.stringify({ stacks: sorted, version }, null, 2));
}

/** Leaves nothing of an earlier synthesis; to remove what is written again at once would take longer than all the rest. */
function removeOthers(folder: string, names: ReadonlySet<string>): void {
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder))
    if (!names.has(name)) rmSync(join(folder, name), { recursive: true, force: true });
}
