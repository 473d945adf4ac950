import type { LeaseOutlook, OutlookReport } from '../../simulate/cloud/report.ts';
import {
  answerOf,
  flavorHeads,
  flavorRow,
  headOf,
  hostsOf,
  REFUSED_HEADS,
  refusedRow,
  trendOf,
} from '../../simulate/cloud/words.ts';
import { table } from '../../text/table.ts';
import { wrap } from '../../text/wrap.ts';
import type { View } from '../view.ts';

/** What becomes of the room: the answer in a sentence, then flavors and blueprints; for the hosts that are there, then with more. */
export function renderOutlook(cloud: string, report: OutlookReport, view: View): string {
  const trend = trendOf(report);
  const told = trend === undefined ? [] : wrap(`${trend} --leases-per-week takes a rate that stays.`, view.columns);
  const parts = report.outlooks.flatMap((each) => renderOne(each, view));
  return ['', view.colors.bold(headOf(cloud, report)), ...told, ...parts, ''].join('\n');
}

function renderOne(outlook: LeaseOutlook, view: View): string[] {
  const { checkpoints, flavors, blueprints, runs } = outlook;
  const shown = shownOf(checkpoints, view.columns);
  const head = flavorHeads(outlook, shown);
  const refused = blueprints.filter((each) => each.asked > 0).map((each) => refusedRow(each, runs));
  return [
    '',
    ...wrap(`${hostsOf(outlook)}: ${answerOf(outlook)}`, view.columns),
    '  Servers that still fit after the worst failure, in half of the runs (in a tenth: at most)',
    ...table(
      flavors.map((each) => flavorRow(each, shown)),
      { head, right: head.slice(1).map((_, index) => index + 1), indent: 2 },
    ),
    ...(refused.length === 0 ? [] : table(refused, { head: REFUSED_HEADS, right: [1, 2, 3, 4], indent: 2 })),
  ];
}

/** The first, the last, and some between: a hundred columns have room for five, fewer for three. */
function shownOf(checkpoints: readonly number[], columns: number): number[] {
  const last = checkpoints.length - 1;
  const shares = columns < 100 ? [0, 0.5, 1] : [0, 0.25, 0.5, 0.75, 1];
  return [...new Set(shares.map((share) => Math.round(share * last)))];
}
