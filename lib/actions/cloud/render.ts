import { treeFolder } from '../../engines/kolla/written-tree.ts';
import { chooseKollaCloud } from '../../private-cloud/kolla/kolla-cloud.ts';
import { StackId } from '../../stack/id.ts';
import { writeArtefacts } from '../../synthesis/write.ts';
import { requireProject } from '../configuration.ts';
import type { ActionContext } from '../context.ts';

export interface RenderOptions {
  /** The organisation's `defaultCloud` where there is none. */
  readonly clouds: readonly string[];
  /** Loses what was edited by hand. @default false */
  readonly overwrite?: boolean;
}

export interface RenderResult {
  readonly trees: readonly { readonly id: StackId; readonly folder: string }[];
}

/** Writes what Kolla-Ansible deploys clouds from. @throws TandemError `no-such-cloud`, `not-kolla`, `kolla-tree-edited` */
export async function renderClouds(
  context: ActionContext,
  { clouds, overwrite = false }: RenderOptions,
): Promise<RenderResult> {
  const project = requireProject(context);
  const chosen = (clouds.length > 0 ? clouds : [undefined]).map((named) => chooseKollaCloud(project, named).name);
  const trees = chosen.map((name) => ({ id: StackId.kolla(name), folder: treeFolder(name) }));
  const ids = trees.map(({ id }) => id);
  await writeArtefacts(project, context.root, ids, { overwrite });
  return { trees };
}
