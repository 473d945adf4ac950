import type { AlarmState } from '../cloudwatch-types.ts';

export interface Judgement {
  /** The evaluation range, oldest first: breaching, not breaching, or missing. */
  readonly points: readonly (boolean | undefined)[];
  readonly evaluationPeriods: number;
  readonly datapointsToAlarm: number;
  readonly treatMissingData: string;
}

/**
 * The state that a range of data points means; undefined keeps the state.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
 */
export function judge(judgement: Judgement): AlarmState | undefined {
  const { points, evaluationPeriods, datapointsToAlarm, treatMissingData } = judgement;
  const real = points.filter((point) => point !== undefined).slice(-evaluationPeriods);
  const breaching = real.filter(Boolean).length;
  const missing = evaluationPeriods - real.length;
  if (missing === 0 || treatMissingData === 'breaching' || treatMissingData === 'notBreaching') {
    const filled = treatMissingData === 'breaching' ? missing : 0;
    return breaching + filled >= datapointsToAlarm ? 'ALARM' : 'OK';
  }
  if (breaching >= datapointsToAlarm) return 'ALARM';
  if (real.includes(false)) return 'OK';
  if (treatMissingData === 'ignore') return undefined;
  if (real.length === 0) return 'INSUFFICIENT_DATA';
  // All that is there breaches: it is an alarm once the oldest is old enough, so that one late point raises none.
  const age = points.length - points.indexOf(true);
  return age >= datapointsToAlarm ? 'ALARM' : undefined;
}
