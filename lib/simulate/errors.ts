import { TandemError } from '../errors/tandem-error.ts';
import { nearestOf } from '../text/nearest.ts';

export function noFleetInTemplate(count: number): TandemError {
  return new TandemError({
    code: 'no-fleet-in-template',
    message: `the template has ${count === 0 ? 'no Auto Scaling group' : 'more than one Auto Scaling group'}; one fleet is simulated`,
    next: 'name the environment of an analysis cluster',
    details: { count },
  });
}

export function badWorkload(name: string, line: number, why: string): TandemError {
  return new TandemError({
    code: 'bad-workload',
    message: `${name}, line ${line}: ${why}`,
    next: 'run `npx tandem simulate --help`, which says what a workload may be',
    details: { name, line },
  });
}

export function noSuchWorkload(place: string, made: readonly string[]): TandemError {
  const near = nearestOf(place, made);
  return new TandemError({
    code: 'no-such-workload',
    message: place.startsWith('made:') ? `no workload is called ${place}` : `there is no file ${place}`,
    next: near === undefined ? `name a file, or one of ${made.join(', ')}` : `did you mean ${near}?`,
    details: { place },
  });
}

export function unknownWorkloadFormat(place: string, made: readonly string[]): TandemError {
  return new TandemError({
    code: 'unknown-workload-format',
    message: `${place} ends in none of .swf, .swf.gz, .csv and .csv.gz, so that it is not known how to read it`,
    next: `name it by what it holds, or take one of ${made.join(', ')}`,
    details: { place },
  });
}

export function workloadTooLarge(place: string, size: string, most: string): TandemError {
  return new TandemError({
    code: 'workload-too-large',
    message: `${place} has ${size}; a workload has at most ${most}`,
    next: 'cut it to a week or two (times and durations are in seconds), or write it as rates (columns time, jobs, mean_seconds), a line for each minute',
    details: { place, size, most },
  });
}

export function noSuchPolicy(name: string, known: readonly string[]): TandemError {
  const near = nearestOf(name, known);
  return new TandemError({
    code: 'no-such-scaling-policy',
    message: `no policy that is simulated is called "${name}"`,
    next: near === undefined ? `name some of ${known.join(', ')}` : `did you mean ${near}?`,
    details: { name, known },
  });
}

export function scalerNotBuilt(bundle: string): TandemError {
  return new TandemError({
    code: 'scaler-not-built',
    message: `the bundle of the fleet scaler is not there: ${bundle}`,
    next: 'run `npm run setup` in the checkout of Tandem, which builds it',
    details: { bundle },
  });
}
