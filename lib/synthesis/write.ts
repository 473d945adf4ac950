import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Project } from '../config/project.ts';
import { writeTree } from '../engines/kolla/written-tree.ts';
import { artefactName, partsOf, type StackId } from '../stack/id.ts';
import { selectIds } from '../stack/select.ts';
import type { EngineName, SynthesizedStack } from '../stack/synthesized.ts';
import { type StackDefinition, stacksOf } from './catalogue.ts';
import { cacheOf, type SynthesisOptions, synthesize } from './synthesize.ts';

export interface WrittenStack {
  readonly id: StackId;
  readonly engine: EngineName;
  /** Relative to the project's root. */
  readonly file: string;
}

/**
 * Writes `cdk.out/` and `cdktf.out/` with the same bytes as `cdk synth` and `cdktn synth`, and `kolla.out/`.
 * @throws TandemError `kolla-tree-edited`
 */
export async function writeArtefacts(
  project: Project,
  root: string,
  selectors: readonly string[],
  { overwrite = false, ...options }: Omit<SynthesisOptions, 'only' | 'cache'> & { readonly overwrite?: boolean } = {},
): Promise<WrittenStack[]> {
  const definitions = stacksOf(project);
  const only = selectIds(
    definitions.map((each) => each.id),
    selectors,
  );
  const selected = definitions.filter((each) => only.has(each.id));
  const terraform = selected.filter((each) => each.engine === 'terraform');
  if (terraform.length > 0) {
    const ids = new Set(terraform.map((each) => each.id));
    writeTerraform(root, await synthesize(definitions, { ...options, only: ids, cache: cacheOf(root) }));
  }
  const kolla = selected.filter((each) => each.engine === 'kolla');
  if (kolla.length > 0) {
    const ids = new Set(kolla.map((each) => each.id));
    writeKolla(root, await synthesize(definitions, { ...options, only: ids, cache: cacheOf(root) }), overwrite);
  }
  await writeAws(root, definitions, selected);
  return selected.map(({ id, engine }) => ({ id, engine, file: fileOf(id, engine) }));
}

function fileOf(id: StackId, engine: EngineName): string {
  const name = artefactName(id);
  if (engine === 'kolla') return `kolla.out/${name}.json`;
  return engine === 'cloudformation' ? `cdk.out/${name}.template.json` : `cdktf.out/stacks/${name}/cdk.tf.json`;
}

/** Mostly from the cache; the manifest is the one that cdktn writes. */
function writeTerraform(root: string, stacks: readonly SynthesizedStack[]): void {
  const folder = join(root, 'cdktf.out');
  rmSync(folder, { recursive: true, force: true });
  const manifest: Record<string, unknown> = {};
  for (const stack of stacks) {
    const name = artefactName(stack.id);
    mkdirSync(join(folder, 'stacks', name), { recursive: true });
    writeFileSync(join(root, fileOf(stack.id, 'terraform')), stack.text);
    // Keys sorted, as cdktn does.
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
  const sorted = Object.fromEntries(Object.entries(manifest).sort(([a], [b]) => (a < b ? -1 : 1)));
  const { version } = createRequire(import.meta.url)('cdktf/package.json') as { version: string };
  writeFileSync(join(folder, 'manifest.json'), JSON.stringify({ stacks: sorted, version }, null, 2));
}

/** The artefact, and beside it the tree that kolla-ansible takes: `kolla.out/paris/`. */
function writeKolla(root: string, stacks: readonly SynthesizedStack[], overwrite: boolean): void {
  for (const { id, text } of stacks) {
    writeTree(root, partsOf(id).owner, JSON.parse(text) as Record<string, string>, overwrite);
    writeFileSync(join(root, fileOf(id, 'kolla')), text);
  }
}

/** A whole assembly with its assets; stacks that refer to each other need each other's company. */
async function writeAws(
  root: string,
  all: readonly StackDefinition[],
  selected: readonly StackDefinition[],
): Promise<void> {
  const units = new Set(selected.filter((each) => each.engine === 'cloudformation').map((each) => each.unit));
  if (units.size === 0) return;
  const { buildAwsApp } = await import('../engines/cloudformation/app.ts');
  rmSync(join(root, 'cdk.out'), { recursive: true, force: true });
  buildAwsApp(
    all.filter((each) => units.has(each.unit)),
    join(root, 'cdk.out'),
  ).synth();
}
