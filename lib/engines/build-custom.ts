import type { App as CdkApp } from 'aws-cdk-lib';
import type { App as TerraformApp, TerraformStack } from 'cdktf';
import type { IConstruct } from 'constructs';
import { customStackFailed, customStackInvalid } from '../stack/errors.ts';
import { artefactName } from '../stack/id.ts';
import { type CustomDefinition, loadCustomStack } from './custom-stacks.ts';

/** Makes the users' CDK stacks among the definitions. */
export function buildCustomCdkStacks(app: CdkApp, definitions: readonly CustomDefinition[]): void {
  for (const definition of definitions) {
    const { module, custom } = definition.inputs;
    const stack = loadCustomStack(definition.root, module);
    if (stack.engine !== 'cdk') continue;
    attempt(module, artefactName(definition.id), (id) => stack.build(app, id, custom));
  }
}

/** Makes the users' Terraform stacks among the definitions. */
export function buildCustomTerraformStacks(
  app: TerraformApp,
  definitions: readonly CustomDefinition[],
  setBackend: (stack: TerraformStack, path: string) => unknown,
): void {
  for (const definition of definitions) {
    const { module, custom } = definition.inputs;
    const stack = loadCustomStack(definition.root, module);
    if (stack.engine !== 'cdktn') continue;
    const made = attempt(module, artefactName(definition.id), (id) => stack.build(app, id, custom));
    // The library's own default is an absolute path, which differs from machine to machine.
    if (made.node.tryFindChild('backend') === undefined)
      setBackend(made, `../../../.tandem/state/${definition.id}.tfstate`);
  }
}

function attempt<T extends IConstruct>(module: string, id: string, build: (id: string) => T): T {
  let made: T;
  try {
    made = build(id);
  } catch (error) {
    throw customStackFailed(module, '`build` failed', error);
  }
  if (made.node.path !== id)
    throw customStackInvalid(module, `\`build\` made a stack at "${made.node.path}"; pass on its \`id\`, "${id}"`);
  return made;
}
