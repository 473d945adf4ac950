import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { artefactName } from '../../stack/id.ts';
import { lazyEngine } from '../lazy-engine.ts';
import type { EnginePlugin } from '../plugin.ts';
import { CLOUDFORMATION, type CloudFormationDefinition, cloudFormationStacks } from './catalogue.ts';

/** CloudFormation on templates that the CDK makes. */
export const cloudFormationPlugin: EnginePlugin<CloudFormationDefinition> = {
  name: CLOUDFORMATION,
  catalogue: cloudFormationStacks,
  fileOf: (stack) => `cdk.out/${artefactName(stack)}.template.json`,
  async synthesize(definitions, folder) {
    const { synthesizeAws } = await import('./app.ts');
    return synthesizeAws(definitions, folder);
  },
  /** A whole assembly with its assets; stacks that refer to each other need each other's company. */
  async write({ root, definitions, selected }) {
    const { buildAwsApp } = await import('./app.ts');
    const units = new Set(selected.map((each) => each.unit));
    const folder = join(root, 'cdk.out');
    rmSync(folder, { recursive: true, force: true });
    buildAwsApp(
      definitions.filter((each) => units.has(each.unit)),
      folder,
    ).synth();
  },
  async difference(before, after) {
    const { diffCloudFormation } = await import('./difference.ts');
    return diffCloudFormation(before, after);
  },
  open: (access) =>
    lazyEngine(CLOUDFORMATION, async () => {
      const [{ cloudFormationEngine }, { projectAws }] = await Promise.all([
        import('./cloudformation-engine.ts'),
        import('./project-access.ts'),
      ]);
      return cloudFormationEngine(projectAws(access));
    }),
};
