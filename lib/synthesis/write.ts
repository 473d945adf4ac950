import type { Project } from '../config/project.ts';
import { enginePlugins, pluginOf } from '../engines/plugins.ts';
import type { StackId } from '../stack/id.ts';
import { selectIds } from '../stack/select.ts';
import type { EngineName } from '../stack/synthesized.ts';
import { cacheOf } from './artefact-cache.ts';
import { stacksOf } from './catalogue.ts';
import { type SynthesisOptions, synthesize } from './synthesize.ts';

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
  const all = stacksOf(project);
  const chosen = selectIds(
    all.map((each) => each.id),
    selectors,
  );
  const selected = all.filter((each) => chosen.has(each.id));
  for (const plugin of enginePlugins()) {
    const own = selected.filter((each) => each.engine === plugin.name);
    if (own.length === 0) continue;
    const only = new Set(own.map((each) => each.id));
    await plugin.write({
      ...{ root, overwrite, selected: own },
      definitions: all.filter((each) => each.engine === plugin.name),
      synthesize: () => synthesize(all, { ...options, only, cache: cacheOf(root) }),
    });
  }
  return selected.map(({ id, engine }) => ({ id, engine, file: pluginOf(engine).fileOf(id) }));
}
