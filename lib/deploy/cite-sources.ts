import type { Project } from '../config/project.ts';
import type { Change, StackPlan } from '../plan/model.ts';
import { sourceOf } from '../plan/source.ts';
import type { SynthesizedStack } from '../stack/synthesized.ts';

/**
 * A live plan with its target and the line of configuration that each change comes from, as the offline plan has it, and with the values
 * that the stack was given. Pure.
 */
export function citeSources(project: Project, stack: SynthesizedStack, plan: StackPlan): StackPlan {
  const cite = (change: Change): Change => ({
    ...change,
    source: sourceOf(project, change, stack.citations[change.address] ?? [], stack.files),
  });
  const target = Object.keys(stack.target).length === 0 ? {} : { target: stack.target };
  const given = (stack.takes ?? []).flatMap(({ name, from }) => {
    const value = stack.given?.[name];
    return value === undefined ? [] : [{ name, from, value }];
  });
  const inputs = given.length === 0 ? {} : { inputs: given };
  return { ...plan, ...target, ...inputs, changes: plan.changes.map(cite), drift: plan.drift.map(cite) };
}
