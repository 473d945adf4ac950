import type { GrowResult, MembersResult } from '../../actions/cloud/members.ts';
import { renderSteps } from '../../cloud-operations/members/render-steps.ts';
import { counted } from '../../text/plural.ts';

/** The steps; after they were run, what stands now. */
export function renderMembers(result: MembersResult): string {
  const { cloud, joining, leaving, done } = result;
  if (!done) return `${renderSteps(cloud, result.steps, result.engine)}\n${shown(result)}`;
  const came = joining.length > 0 ? [`has ${joining.join(', ')}`] : [];
  const went = leaving.length > 0 ? [`has no ${leaving.join(', ')} any more`] : [];
  return `${cloud} ${[...came, ...went].join(' and ')}: every member was asked, and the record says so.\n`;
}

export function renderGrow(result: GrowResult): string {
  const { cloud, to, steps, done, file } = result;
  if (steps.length === 0) return `${cloud} has layout ${to} already; there is nothing to do.\n`;
  if (done) return `${cloud} has layout ${to} now. Write \`layout: ${to}\` into ${file}.\n`;
  return `${renderSteps(cloud, steps, result.engine)}\n${shown(result)}`;
}

function shown({ steps, command }: MembersResult): string {
  const total = `${counted(steps.length, 'step')}. In the simulation no step loses a majority, a queue's copies or the VIP.`;
  return `${total} Nothing was run: \`${command} --run\` does.\n`;
}
