import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { Clock, JobEnd, JobStart, JobStates } from '../ports.ts';

/** What was not submitted by Tandem is forgotten so long after its last change; what was has a time of its own. */
const FORGET_SECONDS = 30 * 86_400;

const NAMES = { '#state': 'state', '#at': 'at', '#queue': 'queue' };
const SETS =
  '#state = :state, #at = :now, instanceId = :me, receives = :receives, #queue = if_not_exists(#queue, :queue), ' +
  'submittedAt = if_not_exists(submittedAt, :sent), expiresAt = if_not_exists(expiresAt, :expires)';
const NOT_CANCELLED = 'attribute_not_exists(#state) OR #state <> :cancelled';

/** The cluster's table of jobs, one item a job; jobs that were sent by other means get theirs here. */
export class DynamoJobs implements JobStates {
  readonly #client: DynamoDBClient;
  readonly #table: string;
  readonly #clock: Clock;

  constructor(client: DynamoDBClient, table: string, clock: Clock) {
    this.#client = client;
    this.#table = table;
    this.#clock = clock;
  }

  async begin(job: JobStart): Promise<{ cancelled: boolean; failedOn: readonly string[] }> {
    try {
      const { Attributes } = await this.#client.send(
        new UpdateItemCommand({
          ...this.#item(job),
          UpdateExpression: `SET ${SETS} REMOVE reason`,
          ConditionExpression: NOT_CANCELLED,
          ExpressionAttributeNames: NAMES,
          ExpressionAttributeValues: this.#values(job, 'running'),
          ReturnValues: 'ALL_NEW',
        }),
      );
      return { cancelled: false, failedOn: Attributes?.['failedOn']?.SS ?? [] };
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return { cancelled: true, failedOn: [] };
      throw error;
    }
  }

  async isCancelled(id: string): Promise<boolean> {
    const { Item } = await this.#client.send(
      new GetItemCommand({
        ...{ TableName: this.#table, Key: { id: { S: id } } },
        ...{ ProjectionExpression: '#state', ExpressionAttributeNames: { '#state': 'state' } },
      }),
    );
    return Item?.['state']?.S === 'cancelled';
  }

  /** A result that is there makes a job done, whatever was said of it before. */
  async end({ state, reason, failedHere, ...job }: JobEnd): Promise<void> {
    const values = this.#values(job, state);
    if (reason !== undefined) values[':reason'] = { S: reason };
    if (failedHere === true) values[':here'] = { SS: [job.instanceId] };
    const { ':cancelled': cancelled, ...unconditional } = values;
    try {
      await this.#client.send(
        new UpdateItemCommand({
          ...this.#item(job),
          UpdateExpression: [
            `SET ${SETS}${reason === undefined ? '' : ', reason = :reason'}`,
            ...(reason === undefined && state === 'done' ? ['REMOVE reason, failedOn'] : []),
            ...(failedHere === true ? ['ADD failedOn :here'] : []),
          ].join(' '),
          ExpressionAttributeNames: NAMES,
          ...(state === 'done' || state === 'cancelled'
            ? { ExpressionAttributeValues: unconditional }
            : {
                ConditionExpression: NOT_CANCELLED,
                ExpressionAttributeValues: { ...unconditional, ...(cancelled && { ':cancelled': cancelled }) },
              }),
        }),
      );
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
    }
  }

  #item({ id }: JobStart) {
    return { TableName: this.#table, Key: { id: { S: id } } };
  }

  #values(job: JobStart, state: string): Record<string, { S: string } | { N: string } | { SS: string[] }> {
    const now = this.#clock.now();
    return {
      ':state': { S: state },
      ':now': { S: new Date(now).toISOString() },
      ':me': { S: job.instanceId },
      ':receives': { N: String(job.receives) },
      ':queue': { S: job.queue },
      ':sent': { S: new Date(job.sentAt ?? now).toISOString() },
      ':expires': { N: String(Math.floor(now / 1000) + FORGET_SECONDS) },
      ':cancelled': { S: 'cancelled' },
    };
  }
}
