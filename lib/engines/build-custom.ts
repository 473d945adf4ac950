import type { App as CdkApp } from 'aws-cdk-lib';
import type { App as TerraformApp, TerraformStack } from 'cdktf';
import type { IConstruct } from 'constructs';
import type { StateLocation } from '../openstack/state-backend.ts';
import { customStackBackend, customStackFailed, customStackInvalid } from '../stack/errors.ts';
import { artefactName, type StackId } from '../stack/id.ts';
import type { CustomDefinition } from './custom-stacks.ts';
import { loadCustomStack } from './load-custom.ts';

/** Makes the users' CDK stacks among the definitions. */
export function buildCustomCdkStacks(app: CdkApp, definitions: readonly CustomDefinition[]): void {
  for (const definition of definitions) {
    const { module, custom } = definition.inputs;
    const stack = loadCustomStack(definition.root, module);
    if (stack.engine !== 'cdk') continue;
    attempt(module, artefactName(definition.id), (id) => stack.build(app, id, custom));
  }
}

/**
 * Makes the users' Terraform stacks among the definitions. Their states are where the organisation keeps all: one place says where state is.
 * @param hasBackend whether a stack says itself where its state is, which is refused
 */
export function buildCustomTerraformStacks(
  app: TerraformApp,
  definitions: readonly CustomDefinition[],
  hasBackend: (stack: TerraformStack) => boolean,
  setBackend: (stack: TerraformStack, id: StackId, state: StateLocation) => unknown,
): void {
  for (const definition of definitions) {
    const { module, custom } = definition.inputs;
    const stack = loadCustomStack(definition.root, module);
    if (stack.engine !== 'cdktn') continue;
    const made = attempt(module, artefactName(definition.id), (id) => stack.build(app, id, custom));
    if (hasBackend(made)) throw customStackBackend(module);
    setBackend(made, definition.id, definition.inputs.state ?? { backend: 'local' });
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
