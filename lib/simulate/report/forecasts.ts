import type { Forecast } from '../../../packages/fleet-scaler/src/types.ts';
import type { FleetDefinition } from '../fleet/definition.ts';
import { demandOf } from '../measure/demand.ts';
import { Random } from '../workload/random.ts';
import { beginOf, type Workload } from '../workload/workload.ts';
import { BOOT_SECONDS, type ContenderOptions, contendersOf, type ReportContender } from './contenders.ts';

const OWN = 'tandem';

/** A forecast that Tandem's own policy is given. */
export interface ForecastCase {
  readonly policy: string;
  /** How wrong it is, in percent of what comes; of one that knows nothing of errors, from where to where it is drawn. */
  readonly errors: readonly number[];
  /** @default - what it learns */
  readonly forecast?: Forecast;
}

/** In percent. */
const FORECAST_ERRORS = [0, 50, 100, 200] as const;
/** For so long a forecast errs to the same side, in seconds. */
const SIDE_SECONDS = 900;

/** Tandem's own policy in each case; none where jobs may wait for as long as a boot takes, since then it needs no forecast. */
export function forecastsFor(
  workload: Workload,
  fleet: FleetDefinition,
  options: ContenderOptions & { readonly seed: number },
): { readonly contender: ReportContender; readonly errors: readonly number[] }[] {
  const { goalSeconds = Infinity, slots, seed, policies = [OWN] } = options;
  if (goalSeconds >= BOOT_SECONDS || !policies.includes(OWN)) return [];
  return forecastCases(workload, fleet.group.MaxSize * slots, seed).flatMap(({ policy, errors, forecast }) =>
    contendersOf(fleet, { ...options, forecast, policies: [OWN] })
      .filter(({ name }) => name === OWN)
      .map((contender) => ({ contender: { ...contender, name: policy }, errors })),
  );
}

/** What is compared: forecasts that are off by so much, what the policy learns by itself, and none. */
export function forecastCases(workload: Workload, lanes: number, seed: number): ForecastCase[] {
  const ends = [FORECAST_ERRORS[0], FORECAST_ERRORS.at(-1) ?? 0];
  const wrong = wrongForecasts(workload, lanes, seed);
  return [
    ...FORECAST_ERRORS.map((error) => ({
      ...{ policy: 'a forecast', errors: [error] },
      forecast: wrong(error),
    })),
    { policy: 'what it learns', errors: ends },
    { policy: 'no forecast', errors: ends, forecast: () => undefined },
  ];
}

/**
 * What comes, wrong by so many percent: too much or too little, a quarter of an hour each, as the seed has it. Too little is nothing at least.
 * @param lanes - jobs that all instances together do at once, at most
 */
export function wrongForecasts(workload: Workload, lanes: number, seed: number): (errorPercent: number) => Forecast {
  const { instances: jobs, slotSeconds } = demandOf(workload, { slots: 1, maximum: lanes });
  const begin = beginOf(workload) / 1000;
  const random = new Random(seed);
  const sides = Array.from({ length: Math.ceil((jobs.length * slotSeconds) / SIDE_SECONDS) }, () =>
    random.next() < 0.5 ? -1 : 1,
  );
  return (errorPercent) => (at) => {
    const side = sides[Math.floor((at - begin) / SIDE_SECONDS)] ?? 1;
    return Math.max(0, (jobs[Math.floor((at - begin) / slotSeconds)] ?? 0) * (1 + (side * errorPercent) / 100));
  };
}
