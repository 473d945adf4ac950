import type { Colors } from 'picocolors/types.js';
import { unmanagedText } from '../../plan/difference/unmanaged.ts';
import type { Plan, StackPlan } from '../../plan/model.ts';
import { show } from '../../plan/render/show.ts';
import { counted } from '../../text/plural.ts';

/** Drift for a terminal: what was, and what is. */
export function renderDrift(plan: Plan, colors: Colors): string {
  if (plan.stacks.length === 0) return 'No stack was applied yet, so none can have drifted.\n';
  const drifted = plan.stacks.filter((stack) => stack.drift.length > 0 || stack.status === 'error');
  const lines = drifted.flatMap((stack) => renderStack(stack, colors));
  const clean = plan.stacks.length - drifted.length;
  lines.push(`${clean} of ${counted(plan.stacks.length, 'stack is', 'stacks are')} as applied.`, ...adviceOn(drifted));
  return `${lines.join('\n')}\n`;
}

/** What to do about it: one way a kind, with the stacks that it is about. */
function adviceOn(drifted: readonly StackPlan[]): string[] {
  const changed = drifted.filter(({ drift }) => drift.some((each) => unmanagedText(each) === undefined));
  const added = drifted.filter(({ drift }) => drift.some((each) => unmanagedText(each) !== undefined));
  const names = (stacks: readonly StackPlan[]): string => stacks.map(({ id }) => id).join(' ');
  const lines: string[] = [];
  if (changed.length > 0)
    lines.push(
      `To undo it:  \`tandem plan --live ${names(changed)}\` shows what would be set back, and \`tandem deploy ${names(changed)}\` does it.`,
      'To keep it:  write it into the configuration; the plan then no longer shows it, and the next deploy leaves it as it is.',
    );
  if (added.length > 0)
    lines.push(
      `Not managed: what was added in ${names(added)} stays until somebody removes it in the cloud; no deploy touches it.`,
    );
  return lines.length === 0 ? [] : ['', ...lines];
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
