import { counted } from '../../text/plural.ts';
import type { BlueprintOutlook, FlavorOutlook, LeaseOutlook, OutlookReport, Quantiles } from './report.ts';
import { MONTH_DAYS, projectionOf } from './trend.ts';

/** What was simulated: `paris over 90 days, with 1 new lease a week, as 4 leases began in 4 weeks`. */
export function headOf(cloud: string, { days, arrivals }: OutlookReport): string {
  const { perWeek, from, trend } = arrivals;
  const basis = from === undefined ? '' : `, as ${counted(from.leases, 'lease')} began in ${round(from.weeks)} weeks`;
  const rate = round(perWeek);
  const end = trend === undefined ? undefined : projectionOf(trend, days);
  const change = end === undefined ? '' : ` now and ${round(end.perWeek)} on day ${days}`;
  return `${cloud} over ${days} days, with ${rate} new ${rate === '1' ? 'lease' : 'leases'} a week${change}${basis}`;
}

/** What is told of a trend; undefined where there is none. */
export function trendOf({ days, arrivals: { trend } }: OutlookReport): string | undefined {
  if (trend === undefined) return undefined;
  const { months } = trend;
  const [least, most] = projectionOf(trend, days).span.map(round);
  return `That is a projection: in the last ${months.length} months of ${MONTH_DAYS} days ${months.join(', ')} leases began. If that goes on, ${least ?? ''} to ${most ?? ''} a week come on day ${days}, 19 times of 20; it goes on for no longer than it was seen, ${months.length * MONTH_DAYS} days.`;
}

export function hostsOf({ moreHosts }: LeaseOutlook): string {
  return moreHosts === 0 ? 'The hosts that are there' : `With ${counted(moreHosts, 'more host')}`;
}

/** The answer, in a sentence that `hostsOf` begins. */
export function answerOf({ asked, refused, refusedByStorage, flavors, blueprints }: LeaseOutlook): string {
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

/** Heads of `flavorRow`. */
export function flavorHeads({ checkpoints }: LeaseOutlook, shown: readonly number[]): string[] {
  const days = shown.map((index) => `day ${checkpoints[index] ?? 0}`);
  return ['flavor', ...days, 'none in 1 of 10', 'none in half'];
}

/** Servers that still fit in half of the runs, and in brackets as many at most in a tenth. @param shown - places of checkpoints */
export function flavorRow(
  { flavor, room, goneInTenth, goneInHalf }: FlavorOutlook,
  shown: readonly number[],
): string[] {
  const cell = (quantiles: Quantiles | undefined): string =>
    quantiles === undefined ? '' : `${quantiles.p50} (${quantiles.p10})`;
  return [flavor, ...shown.map((index) => cell(room[index])), dayOf(goneInTenth), dayOf(goneInHalf)];
}

/** Heads of `refusedRow`. */
export const REFUSED_HEADS = ['blueprint', 'new a run', 'refused', 'first in 1 of 10', 'first in half'];

/** Of a blueprint that leases asked for. */
export function refusedRow(
  { blueprint, asked, refused, firstInTenth, firstInHalf }: BlueprintOutlook,
  runs: number,
): string[] {
  return [blueprint, round(asked / runs), percent(refused / asked), dayOf(firstInTenth), dayOf(firstInHalf)];
}

/** `day 28`; `-` where it does not come. */
export const dayOf = (day: number | undefined): string => (day === undefined ? '-' : `day ${day}`);
const round = (value: number): string => String(Math.round(value * 10) / 10);
const percent = (share: number): string => `${Math.round(share * 1000) / 10} %`;
