import type { Colors } from 'picocolors/types.js';
import { unmanagedText } from '../../plan/difference/unmanaged.ts';
import type { Plan, StackPlan } from '../../plan/model.ts';
import { show } from '../../plan/render/text.ts';
import { counted } from '../../text/plural.ts';

/** Drift for a terminal: what was, and what is. */
export function renderDrift(plan: Plan, colors: Colors): string {
  const drifted = plan.stacks.filter((stack) => stack.drift.length > 0 || stack.status === 'error');
  const lines = drifted.flatMap((stack) => renderStack(stack, colors));
  const clean = plan.stacks.length - drifted.length;
  lines.push(`${clean} of ${counted(plan.stacks.length, 'stack is', 'stacks are')} as applied.`);
  return `${lines.join('\n')}\n`;
}

function renderStack(stack: StackPlan, colors: Colors): string[] {
  if (stack.status === 'error') return [colors.red(`${stack.id}: ${stack.reason ?? 'could not be compared'}`), ''];
  const lines = [colors.bold(stack.id)];
  for (const change of stack.drift) {
    const added = unmanagedText(change);
    if (added !== undefined) {
      lines.push(colors.yellow(`  added    ${added}`));
      continue;
    }
    lines.push(colors.yellow(`  ${change.action === 'delete' ? 'removed' : 'changed'}  ${change.address}`));
    if (change.action === 'delete') continue;
    for (const each of change.attributes)
      lines.push(`        ${each.path}: ${show(each.before)} -> ${show(each.after)}`);
  }
  return [...lines, ''];
}
