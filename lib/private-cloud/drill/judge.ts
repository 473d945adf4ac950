import { DRILLS } from './drills.ts';
import { lostWrites, type Outage } from './measure.ts';
import type { Outcome } from './play.ts';
import type { Prediction } from './predict.ts';

/** A prediction beside what was measured. */
export interface Compared extends Prediction {
  readonly measured: Outage;
  /** Whether the same happened: down where down was said, and back where it was not. */
  readonly sameService: boolean;
  /** Within a factor of two, or 2 s, of the predicted gap. */
  readonly withinTolerance: boolean;
}

const FACTOR = 2;
const SECONDS = 2;

export function compare({ predictions, outages }: Outcome): readonly Compared[] {
  return predictions.map((prediction) => {
    const measured = outages.find(({ probe }) => probe === prediction.probe);
    if (measured === undefined) throw new RangeError(`nothing was measured of ${prediction.probe}`);
    const isDown = measured.back === undefined;
    const { gapSeconds: said, outcome } = prediction;
    // A steady service is compared with what this machine does without any failure: a client that asks each second has gaps of one.
    const gap = outcome === 'steady' ? Math.max(0, measured.gap - measured.usualGap) : measured.gap;
    const close = Math.abs(gap - said) <= SECONDS;
    const inFactor = gap <= said * FACTOR && gap >= said / FACTOR;
    return {
      ...prediction,
      measured,
      sameService: isDown === (outcome === 'down'),
      withinTolerance: outcome === 'down' || close || inFactor,
    };
  });
}

/** What fails a drill, whatever the machine: correctness, never a time. One line for each fault. */
export function faultsOf(outcome: Outcome): readonly string[] {
  const wrong = compare(outcome)
    .filter(({ sameService }) => !sameService)
    .map(({ probe, outcome: said, measured }) =>
      said === 'down'
        ? `${probe}: predicted to be down, and ${measured.succeeded} requests succeeded`
        : `${probe}: predicted to recover by itself, and did not`,
    );
  const absent = outcome.returned
    .filter(({ succeeded }) => succeeded === 0)
    .map(({ probe }) => `${probe}: did not recover after the return`);
  return [
    ...lostWrites(outcome.readBack),
    ...wrong,
    ...absent,
    ...outcome.acceptedByMinority.map((what) => `without a majority: ${what}`),
    ...(outcome.minorityRows > 0 ? [`${outcome.minorityRows} rows were written by a minority`] : []),
  ];
}

/** A figure that the availability level is measured by. */
export interface Figure {
  readonly what: string;
  readonly atMost: number;
  readonly unit: 's' | 'requests';
  /** Undefined: it did not recover. */
  readonly measured: number | undefined;
  readonly holds: boolean;
}

/** Figures of the availability level that a drill measures. */
export function figuresOf(outcome: Outcome): readonly Figure[] {
  const figure = (what: string, atMost: number, measured: number | undefined, unit: Figure['unit'] = 's'): Figure => ({
    ...{ what, atMost, unit, measured },
    holds: measured !== undefined && measured <= atMost,
  });
  const back = (probe: string): number | undefined => outcome.outages.find((each) => each.probe === probe)?.back;
  const returned = outcome.returned.map(({ back: seconds }) => seconds);
  const synced = Object.values(outcome.syncedSeconds);
  switch (DRILLS[outcome.drill].name) {
    case 'holder-off': {
      const queues = outcome.outages.filter(({ probe }) => probe.startsWith('queue@'));
      return [
        figure('first successful write', 4, back('sql')),
        figure('first successful token', 5, back('token')),
        ...queues.map(({ probe }) => figure(`first successful publish, ${probe}`, 10, back(probe))),
      ];
    }
    case 'two-off': {
      const last = returned.includes(undefined) ? undefined : Math.max(...returned.map((seconds) => seconds ?? 0));
      return [figure('every service back after power', 20, last)];
    }
    case 'host-returns': {
      const failed = outcome.outages.reduce((sum, each) => sum + each.failed, 0);
      return [
        figure('database synced after power', 20, synced.length === 0 ? undefined : Math.max(...synced)),
        figure('requests failed by the return', 0, failed, 'requests'),
      ];
    }
    default:
      return [];
  }
}
