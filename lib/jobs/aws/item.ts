import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { JOB_STATES, type JobRecord, type JobState } from '../record.ts';

export type Item = Readonly<Record<string, AttributeValue>>;

/** Texts and numbers as DynamoDB takes them; what is undefined is left out. */
export function itemOf(values: Readonly<Record<string, string | number | undefined>>): Record<string, AttributeValue> {
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]): [string, AttributeValue][] => {
      if (value === undefined) return [];
      return [[name, typeof value === 'number' ? { N: String(value) } : { S: value }]];
    }),
  );
}

/** Items are also written by agents, of jobs that were not submitted by Tandem: what such a one does not say is empty. */
export function recordOf(item: Item): JobRecord {
  const text = (name: string): string | undefined => item[name]?.S;
  const number = (name: string): number => Number(item[name]?.N ?? 0);
  const [sentAt, instanceId, reason, body] = [text('sentAt'), text('instanceId'), text('reason'), text('body')];
  const failedOn = item['failedOn']?.SS;
  return {
    id: text('id') ?? '',
    queue: text('queue') ?? '',
    state: stateOf(text('state')),
    submittedAt: text('submittedAt') ?? '',
    submittedBy: text('submittedBy') ?? '',
    at: text('at') ?? '',
    receives: number('receives'),
    size: number('size'),
    sha256: text('sha256') ?? '',
    expiresAt: number('expiresAt'),
    ...(sentAt === undefined ? {} : { sentAt }),
    ...(instanceId === undefined ? {} : { instanceId }),
    ...(failedOn === undefined ? {} : { failedOn }),
    ...(reason === undefined ? {} : { reason }),
    ...(body === undefined ? {} : { body }),
  };
}

function stateOf(text: string | undefined): JobState {
  return JOB_STATES.find((state) => state === text) ?? 'queued';
}
