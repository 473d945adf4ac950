import type { GrowResult } from '../../actions/cloud/grow.ts';
import { renderSteps } from '../../cloud-operations/growth/render.ts';
import { counted } from '../../text/plural.ts';

/** The steps; after they were run, what is left to write. */
export function renderGrow(result: GrowResult): string {
  const { cloud, to, steps, executed, file } = result;
  if (steps.length === 0) return `${cloud} has layout ${to} already; there is nothing to do.\n`;
  if (executed) return `${cloud} has layout ${to} now. Write \`layout: ${to}\` into ${file}.\n`;
  const total = `${counted(steps.length, 'step')}. In the simulation no step loses a majority or the VIP.`;
  return `${renderSteps(result)}\n${total} Nothing was executed: --execute does.\n`;
}
