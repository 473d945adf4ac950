import type { DeployResult } from '../../deploy/ports.ts';
import { duration } from '../../text/duration.ts';
import { counted } from '../../text/plural.ts';

/** What became of each stack. */
export function renderDeploy({ stacks }: DeployResult): string {
  return stacks
    .map(({ id, outcome, changes, seconds }) => {
      const isIdle = outcome === 'unchanged' || outcome === 'skipped' || outcome === 'waiting';
      return `${id} ${outcome}${isIdle ? '' : `: ${counted(changes, 'change')} in ${duration(seconds)}`}\n`;
    })
    .join('');
}
