import { TandemError } from '../errors/tandem-error.ts';

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
