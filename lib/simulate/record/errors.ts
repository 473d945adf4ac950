import { TandemError } from '../../errors/tandem-error.ts';

export function nothingSent(environment: string, days: number): TandemError {
  return new TandemError({
    code: 'nothing-sent',
    message: `CloudWatch has no figures of the queues of ${environment} in ${days} d: no job was sent`,
    next: `look further back: \`npx tandem simulate ${environment} --record --days 63\`, or simulate a made workload`,
    details: { environment, days },
  });
}

export function notRecorded(file: string): TandemError {
  return new TandemError({
    code: 'workload-not-recorded',
    message: `${file} was not written by --record, or was edited since, so that it is neither replaced nor added to`,
    next: 'move it to another name, and record again',
    details: { file },
  });
}
