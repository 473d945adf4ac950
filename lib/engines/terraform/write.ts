import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
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
  rmSync(folder, { recursive: true, force: true });
  const manifest: Record<string, unknown> = {};
  for (const stack of stacks) {
    const name = artefactName(stack.id);
    mkdirSync(join(folder, 'stacks', name), { recursive: true });
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
