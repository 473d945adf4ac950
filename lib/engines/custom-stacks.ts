import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import type { CustomStack } from '../../stacks/define-stack.ts';
import type { Project } from '../config/project.ts';
import type { StateLocation } from '../openstack/state-backend.ts';
import { customStackFailed, customStackInvalid } from '../stack/errors.ts';
import { StackId } from '../stack/id.ts';
import type { EngineName } from '../stack/synthesized.ts';
import type { StackDefinition } from './definition.ts';

/** A user's stack in the catalogue. `module` is its file, relative to `root`, the folder of the project or of a commit of it. */
export interface CustomDefinition extends StackDefinition {
  readonly kind: 'custom';
  readonly root: string;
  readonly inputs: {
    readonly custom: unknown;
    readonly module: string;
    /** Where the organisation keeps Terraform's states. @default - the engine keeps no states */
    readonly state?: StateLocation;
  };
}

const FOLDER = 'stacks/custom';
const require = createRequire(import.meta.url);

/**
 * The stacks in the project's `stacks/custom/*.ts` that are made by a library, sorted by file; none where the project is in no
 * folder.
 * @throws TandemError `custom-stack-invalid`, `custom-stack-failed`
 */
export function customStacksOf(
  project: Project,
  library: CustomStack['engine'],
  engine: EngineName,
  state?: StateLocation,
): CustomDefinition[] {
  const { root } = project;
  if (root === undefined) return [];
  const definitions: CustomDefinition[] = [];
  const modules = new Map<StackId, string>();
  for (const file of filesIn(join(root, FOLDER))) {
    const module = `${FOLDER}/${file}`;
    const stack = loadCustomStack(root, module);
    const id = StackId.custom(stack.name);
    const twin = modules.get(id);
    if (twin !== undefined) throw customStackInvalid(module, `${twin} has the name "${stack.name}" too`);
    modules.set(id, module);
    if (stack.engine !== library) continue;
    definitions.push({
      id,
      unit: id,
      engine,
      dependsOn: stack.dependsOn ?? [],
      unresolvedInputs: [],
      files: [module],
      kind: 'custom',
      root,
      inputs: {
        ...{ custom: inputsOf(stack, project, module), module },
        ...(state === undefined ? {} : { state }),
      },
    });
  }
  return definitions;
}

/** @throws TandemError */
export function loadCustomStack(root: string, module: string): CustomStack {
  let exports: unknown;
  try {
    exports = require(resolve(root, module));
  } catch (error) {
    throw customStackFailed(module, 'it cannot be loaded', error);
  }
  const stack = (exports as { stack?: Partial<CustomStack> }).stack;
  if (stack === undefined) throw customStackInvalid(module, 'it exports no `stack`');
  if (typeof stack.name !== 'string' || !/^[a-z](?:[a-z0-9-]*[a-z0-9])?$/.test(stack.name))
    throw customStackInvalid(module, `got the name ${JSON.stringify(stack.name)}; a name is like "reports-2"`);
  if (stack.engine !== 'cdk' && stack.engine !== 'cdktn')
    throw customStackInvalid(module, `got the engine ${JSON.stringify(stack.engine)}; it is "cdk" or "cdktn"`);
  if (typeof stack.build !== 'function' || typeof stack.inputs !== 'function')
    throw customStackInvalid(module, 'it lacks `build` or `inputs`');
  return stack as CustomStack;
}

function inputsOf(stack: CustomStack, project: Project, module: string): unknown {
  try {
    return JSON.parse(JSON.stringify(stack.inputs(project) ?? null)) as unknown;
  } catch (error) {
    throw customStackFailed(module, '`inputs` failed', error);
  }
}

function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts') && !name.endsWith('.d.ts'))
      .sort();
  } catch {
    return [];
  }
}
