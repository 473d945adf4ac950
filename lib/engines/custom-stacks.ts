import type { CustomStack } from '../../stacks/define-stack.ts';
import type { Project } from '../config/project.ts';
import type { StateLocation } from '../openstack/state-backend.ts';
import { customStackInvalid } from '../stack/errors.ts';
import { StackId } from '../stack/id.ts';
import type { EngineName } from '../stack/synthesized.ts';
import { describedStacks } from './custom-process.ts';
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

/**
 * The stacks in the project's `stacks/custom/*.ts` that are made by a library, sorted by file; none where the project is in no
 * folder. What the files say comes from a process apart.
 * @throws TandemError `custom-stack-invalid`, `custom-stack-failed`, `foreign-code`
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
  for (const stack of describedStacks(root, project)) {
    const { module, inputs } = stack;
    const id = StackId.custom(stack.name);
    const twin = modules.get(id);
    if (twin !== undefined) throw customStackInvalid(module, `${twin} has the name "${stack.name}" too`);
    modules.set(id, module);
    if (stack.library !== library) continue;
    definitions.push({
      id,
      unit: id,
      engine,
      dependsOn: stack.dependsOn,
      unresolvedInputs: [],
      files: [module],
      // Only its own code knows.
      target: {},
      kind: 'custom',
      root,
      inputs: { custom: inputs, module, ...(state === undefined ? {} : { state }) },
    });
  }
  return definitions;
}
