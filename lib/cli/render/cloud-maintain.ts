import type { MaintainResult } from '../../actions/cloud/run-maintain.ts';
import { renderPlan } from '../../private-cloud/maintenance/render.ts';
import { counted } from '../../text/plural.ts';
import { wrap } from '../../text/wrap.ts';
import type { View } from '../view.ts';

/** The plan, or what was done. */
export function renderMaintain(result: MaintainResult, view: View): string {
  const { cloud, groups, problems, left, outcome } = result;
  const count = groups.reduce((sum, { hosts }) => sum + hosts.length, 0);
  const byHand =
    left.length === 0
      ? []
      : wrap(
          `By hand, in the groups that a dry run shows: ${left.join(', ')}: Tandem runs there, or Kolla does not know them`,
          view.columns,
        );
  if (outcome === 'done')
    return [`${cloud}: ${counted(count, 'host is', 'hosts are')} back in service`, ...byHand, ''].join('\n');
  if (outcome === 'given back') return `${cloud}: what was out of service is back, as it was\n`;
  const said =
    problems.length > 0
      ? problems.map(({ group, problem }) => view.colors.yellow(`CAUTION: ${group}: ${problem}`))
      : [
          'Servers as the leases place them. In the simulation nothing stops but what is said above, and one host more may fail.',
        ];
  return [
    ...renderPlan(result, view),
    ...said.flatMap((line) => wrap(line, view.columns)),
    'Nothing was done: --run does it.',
    '',
  ].join('\n');
}
