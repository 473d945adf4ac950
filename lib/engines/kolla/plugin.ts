import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { artefactName, partsOf, type StackId } from '../../stack/id.ts';
import { lazyEngine } from '../lazy-engine.ts';
import type { EnginePlugin } from '../plugin.ts';
import { KOLLA, type KollaDefinition, kollaTrees } from './catalogue.ts';
import { filesIn } from './read-tree.ts';

const fileOf = (stack: StackId): string => `kolla.out/${artefactName(stack)}.json`;

/** Kolla-Ansible on trees of inventory, globals and overrides. */
export const kollaPlugin: EnginePlugin<KollaDefinition> = {
  name: KOLLA,
  catalogue: kollaTrees,
  fileOf,
  async synthesize(definitions) {
    const { synthesizeKolla } = await import('./app.ts');
    return synthesizeKolla(definitions);
  },
  /** The artefact, and beside it the tree that kolla-ansible takes: `kolla.out/paris/`. @throws TandemError `kolla-tree-edited` */
  async write({ root, synthesize, overwrite }) {
    const { writeTree } = await import('./written-tree.ts');
    for (const { id, text } of await synthesize()) {
      writeTree(root, partsOf(id).owner, filesIn(text), overwrite);
      writeFileSync(join(root, fileOf(id)), text);
    }
  },
  async difference(before, after) {
    const { diffKolla } = await import('./difference.ts');
    return diffKolla(before, after);
  },
  open: ({ root, environment, project, records }) =>
    lazyEngine(KOLLA, async () => {
      const [{ kollaEngine }, { kollaMarks }] = await Promise.all([
        import('./kolla-engine.ts'),
        import('./lineage.ts'),
      ]);
      const secretsOf = (cloud: string) => project.clouds.get(cloud)?.value.kolla?.secrets ?? '/etc/kolla';
      const engine = kollaEngine({ root, environment, secretsOf, recorded: (stack) => records.read(stack) });
      return { ...engine, ...kollaMarks((stack) => secretsOf(partsOf(stack).owner)) };
    }),
};
