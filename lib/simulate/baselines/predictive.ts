import type { Contender, FleetSizes } from '../contender.ts';
import type { Observation, OwnPolicy } from '../run/policy.ts';
import { type TargetTrackingSettings, targetTracking } from './target-tracking.ts';

export interface PredictiveSettings extends TargetTrackingSettings {
  /** Share of the forecast capacity that its jobs shall fill, in percent. */
  readonly utilization: number;
  /** Seconds before the hour that its capacity is launched. @default 300 (PredictiveScalingConfiguration, `SchedulingBufferTime`) */
  readonly buffer?: number;
  /** Jobs that an instance does at once. @default 1 */
  readonly slots?: number;
}

const HOUR = 3600;
const DAY = 24;
/** Days that a forecast looks back on (user guide, "How predictive scaling works": up to 14, at least one). */
const DAYS = 14;

/**
 * Predictive scaling beside target tracking, in mode ForecastAndScale: a capacity for each hour, below which nothing scales in. How AWS
 * forecasts is not published; here an hour is the mean of the same hour of the days before, and of the same weekdays twice.
 */
export function predictive(sizes: FleetSizes, settings: PredictiveSettings): Contender {
  return { ...targetTracking(sizes, settings), name: 'predictive scaling', policy: forecastFloor(settings) };
}

function forecastFloor({ utilization, buffer = 300, slots = 1 }: PredictiveSettings): OwnPolicy {
  /** By hour since 1970: jobs under way or waiting, summed up, and looks. */
  const load = new Map<number, { sum: number; looks: number }>();
  const forecast = (hour: number): number => {
    let [sum, weight] = [0, 0];
    for (let days = 1; days <= DAYS; days += 1) {
      const seen = load.get(hour - days * DAY);
      if (seen === undefined) continue;
      const twice = days % 7 === 0 ? 2 : 1;
      sum += (twice * seen.sum) / seen.looks;
      weight += twice;
    }
    return weight === 0 ? 0 : sum / weight / slots;
  };
  return {
    everySeconds: 60,
    decide: () => undefined,
    floor({ now, waiting, running }: Observation) {
      const hour = Math.floor(now / HOUR);
      const seen = load.get(hour) ?? { sum: 0, looks: 0 };
      load.set(hour, { sum: seen.sum + waiting + running, looks: seen.looks + 1 });
      const ahead = Math.floor((now + buffer) / HOUR);
      return Math.ceil((Math.max(forecast(hour), forecast(ahead)) * 100) / utilization);
    },
  };
}
