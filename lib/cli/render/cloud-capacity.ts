import type { OutlookResult } from '../../actions/cloud/lease-outlook.ts';
import type { BlueprintOutlook, FlavorOutlook, LeaseOutlook, Quantiles } from '../../simulate/cloud/outlook.ts';
import { MONTH_DAYS, projectionOf, type Trend } from '../../simulate/cloud/trend.ts';
import { counted } from '../../text/plural.ts';
import { table } from '../../text/table.ts';
import { wrap } from '../../text/wrap.ts';
import type { View } from '../view.ts';

/** What becomes of the room: the answer in a sentence, then flavors and blueprints; for the hosts that are there, then with more. */
export function renderOutlook(cloud: string, { days, arrivals, outlooks }: OutlookResult, view: View): string {
  const { perWeek, from, trend } = arrivals;
  const basis = from === undefined ? '' : `, as ${counted(from.leases, 'lease')} began in ${round(from.weeks)} weeks`;
  const end = trend === undefined ? undefined : projectionOf(trend, days);
  const change = end === undefined ? '' : ` now and ${round(end.perWeek)} on day ${days}`;
  const head = `${cloud} over ${days} days, with ${round(perWeek)} new leases a week${change}${basis}`;
  const told = trend === undefined ? [] : wrap(trendText(trend, days), view.columns);
  return ['', view.colors.bold(head), ...told, ...outlooks.flatMap((each) => renderOne(each, view)), ''].join('\n');
}

function trendText(trend: Trend, days: number): string {
  const { months } = trend;
  const [least, most] = projectionOf(trend, days).span.map(round);
  return `That is a projection: in the last ${months.length} months of ${MONTH_DAYS} days ${months.join(', ')} leases began. If that goes on, ${least ?? ''} to ${most ?? ''} a week come on day ${days}, 19 times of 20; it goes on for no longer than it was seen, ${months.length * MONTH_DAYS} days. --leases-per-week takes a rate that stays.`;
}

function renderOne(outlook: LeaseOutlook, view: View): string[] {
  const { moreHosts, checkpoints, flavors, blueprints, runs } = outlook;
  const hosts = moreHosts === 0 ? 'The hosts that are there' : `With ${counted(moreHosts, 'more host')}`;
  const shown = shownOf(checkpoints);
  const right = [...shown.map((index) => `day ${checkpoints[index] ?? 0}`), 'none in 1 of 10', 'none in half'];
  const rows = flavors.map((each) => flavorRow(each, shown));
  const refused = blueprints.filter((each) => each.asked > 0).map((each) => refusedRow(each, runs));
  const refusedHead = ['new a run', 'refused', 'first in 1 of 10', 'first in half'];
  return [
    '',
    ...wrap(`${hosts}: ${answerOf(outlook)}`, view.columns),
    '  Servers that still fit after the worst failure, in half of the runs (in a tenth: at most)',
    ...table(rows, { head: ['flavor', ...right], right: right.map((_, index) => index + 1), indent: 2 }),
    ...(refused.length === 0
      ? []
      : table(refused, { head: ['blueprint', ...refusedHead], right: [1, 2, 3, 4], indent: 2 })),
  ];
}

function answerOf({ asked, refused, refusedByStorage, flavors, blueprints }: LeaseOutlook): string {
  if (asked === 0) return 'no lease comes, and room only grows.';
  const gone = flavors.filter(({ goneInTenth }) => goneInTenth !== undefined).map(({ flavor }) => flavor);
  const flavor = gone.length === 0 ? 'every flavor still fits at the end' : `${gone.join(', ')} may stop fitting`;
  if (refused === 0) return `no new lease is refused; ${flavor}.`;
  const first = blueprints.flatMap(({ firstInHalf }) => firstInHalf ?? []).sort((one, other) => one - other)[0];
  const when = first === undefined ? '' : `, from day ${first} on in half of the runs`;
  const storage =
    refusedByStorage === 0
      ? ''
      : `, ${refusedByStorage === refused ? 'all' : percent(refusedByStorage / refused)} of them for lack of storage, which hosts do not change`;
  return `${percent(refused / asked)} of the new leases are refused${when}${storage}; ${flavor}.`;
}

/** The first, the last, and some between: a terminal has room for five. */
function shownOf(checkpoints: readonly number[]): number[] {
  const last = checkpoints.length - 1;
  return [...new Set([0, 0.25, 0.5, 0.75, 1].map((share) => Math.round(share * last)))];
}

function flavorRow({ flavor, room, goneInTenth, goneInHalf }: FlavorOutlook, shown: readonly number[]): string[] {
  const cell = (quantiles: Quantiles | undefined): string =>
    quantiles === undefined ? '' : `${quantiles.p50} (${quantiles.p10})`;
  return [flavor, ...shown.map((index) => cell(room[index])), dayOf(goneInTenth), dayOf(goneInHalf)];
}

function refusedRow(
  { blueprint, asked, refused, firstInTenth, firstInHalf }: BlueprintOutlook,
  runs: number,
): string[] {
  return [blueprint, round(asked / runs), percent(refused / asked), dayOf(firstInTenth), dayOf(firstInHalf)];
}

const dayOf = (day: number | undefined): string => (day === undefined ? '-' : `day ${day}`);
const round = (value: number): string => String(Math.round(value * 10) / 10);
const percent = (share: number): string => `${Math.round(share * 1000) / 10} %`;
