import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { artefactName } from '../../stack/id.ts';
import { lazyEngine } from '../lazy-engine.ts';
import type { EnginePlugin } from '../plugin.ts';
import { assemblyOf } from './assembly.ts';
import { CLOUDFORMATION, type CloudFormationDefinition, cloudFormationStacks, targetInTemplate } from './catalogue.ts';
import { exchangeOfTemplate } from './exchange.ts';

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
    const units = new Set(selected.map((each) => each.unit));
    const { folder, remove } = await assemblyOf(definitions.filter((each) => units.has(each.unit)));
    try {
      rmSync(join(root, 'cdk.out'), { recursive: true, force: true });
      cpSync(folder, join(root, 'cdk.out'), { recursive: true });
    } finally {
      remove();
    }
  },
  async assemble(definitions, folder) {
    const { buildAwsApp } = await import('./app.ts');
    buildAwsApp(definitions, folder).synth();
  },
  async difference(before, after, renewed) {
    const { diffCloudFormation } = await import('./difference.ts');
    return diffCloudFormation(before, after, renewed);
  },
  exchange: exchangeOfTemplate,
  existing: {
    expected: 'what `aws cloudformation list-stack-resources` prints',
    existing: async (text) => (await import('./retained/existing.ts')).existingIn(text),
    wanted: async (artefact) => (await import('./retained/existing.ts')).wantedIn(artefact),
    identity: async () => (await import('./retained/kept.ts')).IDENTIFIERS,
  },
  targetIn: targetInTemplate,
  open: (access) =>
    lazyEngine(CLOUDFORMATION, async () => {
      const [{ cloudFormationEngine }, { projectAws }] = await Promise.all([
        import('./cloudformation-engine.ts'),
        import('./project-access.ts'),
      ]);
      return cloudFormationEngine(projectAws(access));
    }),
};
