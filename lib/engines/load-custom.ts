import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import type { CustomStack } from '../../stacks/define-stack.ts';
import type { Project } from '../config/project.ts';
import { customStackFailed, customStackInvalid } from '../stack/errors.ts';
import type { StackId } from '../stack/id.ts';
import { customModules } from './own-modules.ts';

/** What a user's module says of its stack, as plain JSON. */
export interface DescribedStack {
  /** Relative to the project's root. */
  readonly module: string;
  readonly name: string;
  readonly library: CustomStack['engine'];
  readonly dependsOn: readonly StackId[];
  readonly inputs: unknown;
}

/** Why one of the project's own modules cannot be used. */
export interface ModuleFault {
  /** Relative to the project's root. */
  readonly file: string;
  /** From 1; undefined where the failure names no line of the module. */
  readonly line?: number;
  readonly column?: number;
  readonly why: string;
}

const require = createRequire(import.meta.url);

/** Runs the project's code. @throws TandemError `custom-stack-invalid`, `custom-stack-failed` */
export function describeStacks(root: string, project: Project): DescribedStack[] {
  return customModules(root).map((module) => describeStack(root, project, module));
}

/** Runs the project's code. @throws TandemError `custom-stack-invalid`, `custom-stack-failed` */
export function describeStack(root: string, project: Project, module: string): DescribedStack {
  const stack = loadCustomStack(root, module);
  const { name, engine: library, dependsOn = [] } = stack;
  return { module, name, library, dependsOn, inputs: inputsOf(stack, project, module) };
}

/** Runs the project's code. @throws TandemError `custom-stack-invalid`, `custom-stack-failed` */
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
