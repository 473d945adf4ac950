import { lazyEngine } from '../lazy-engine.ts';
import type { EnginePlugin } from '../plugin.ts';
import { TERRAFORM, type TerraformDefinition, targetInRoot, terraformStacks } from './catalogue.ts';
import { exchangeOfRoot } from './exchange.ts';
import { terraformFile, writeTerraform } from './write.ts';

/** Terraform or OpenTofu on roots that cdktn makes. */
export const terraformPlugin: EnginePlugin<TerraformDefinition> = {
  name: TERRAFORM,
  catalogue: terraformStacks,
  fileOf: terraformFile,
  async synthesize(definitions, folder) {
    const { synthesizeTerraform } = await import('./app.ts');
    return synthesizeTerraform(definitions, folder);
  },
  async write({ root, synthesize }) {
    writeTerraform(root, await synthesize());
  },
  async difference(before, after, renewed) {
    const { diffTerraform } = await import('./difference.ts');
    return diffTerraform(before, after, renewed);
  },
  exchange: exchangeOfRoot,
  targetIn: targetInRoot,
  existing: {
    expected: 'a terraform.tfstate of version 4, or what `terraform show -json` prints',
    existing: async (text) => (await import('./adopt/existing.ts')).existingIn(text),
    wanted: async (artefact) => (await import('./adopt/existing.ts')).wantedIn(artefact),
    async replacing(type, attributes) {
      const { forcesReplacement } = await import('./difference/rules.ts');
      return attributes.filter((each) => forcesReplacement(type, each, null));
    },
  },
  async diagnose(diagnosis) {
    const { diagnoseTerraform } = await import('./diagnose.ts');
    return diagnoseTerraform(diagnosis);
  },
  open: (access) =>
    lazyEngine(TERRAFORM, async () => {
      const { openTerraform } = await import('./open.ts');
      return openTerraform(access);
    }),
};
