import { setTimeout as sleep } from 'node:timers/promises';
import {
  type AttributeValue,
  BatchGetItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { called, calledUnless } from '../../aws-api/aws-error.ts';
import type { JobRecord, JobState } from '../record.ts';
import { type Item, itemOf, recordOf } from './item.ts';

const INDEX = 'by-state';
/** API_BatchGetItem.html */
export const MOST_KEYS = 100;

/** Where a listing of one state goes on; undefined from the newest. */
export interface Position {
  readonly id: string;
  readonly submittedAt: string;
}

export interface StateQuery {
  readonly state: JobState;
  /** Submitted at this time or later, ISO 8601. @default all */
  readonly since?: string | undefined;
  readonly queue?: string | undefined;
  readonly after?: Position | undefined;
  /** Items that are read at most; fewer may be of the queue. */
  readonly limit: number;
}

/** A change of one record on condition of its state. */
export interface Transition {
  readonly id: string;
  /** Only from these. */
  readonly from: readonly JobState[];
  readonly to: JobState;
  readonly at: string;
  /** Only where the last change was before, ISO 8601. @default any */
  readonly changedBefore?: string;
  readonly expiresAt?: number;
  readonly queue?: string;
}

/** The cluster's table of jobs. All calls throw `aws-…`. */
export class JobsTable {
  readonly #client: DynamoDBClient;
  readonly #name: string;

  constructor(client: DynamoDBClient, name: string) {
    this.#client = client;
    this.#name = name;
  }

  /** With its body, as it is now. */
  async get(id: string): Promise<JobRecord | undefined> {
    const command = new GetItemCommand({ TableName: this.#name, Key: { id: { S: id } }, ConsistentRead: true });
    const { Item: item } = await called('dynamodb:GetItem', () => this.#client.send(command));
    return item === undefined ? undefined : recordOf(item);
  }

  /** Those that there are, without their bodies. @param ids 100 at most */
  async getMany(ids: readonly string[]): Promise<Map<string, JobRecord>> {
    const names = [
      'id',
      'queue',
      'state',
      'submittedAt',
      'submittedBy',
      'sentAt',
      'at',
      'sha256',
      'reason',
      'instanceId',
      'receives',
    ];
    const ExpressionAttributeNames = Object.fromEntries(names.map((name) => [`#${name}`, name]));
    const ProjectionExpression = Object.keys(ExpressionAttributeNames).join(', ');
    const found = new Map<string, JobRecord>();
    let keys: Record<string, AttributeValue>[] = ids.map((id) => ({ id: { S: id } }));
    // What a busy table leaves out is asked for again.
    for (let round = 0; keys.length > 0; round += 1) {
      if (round > 0) await sleep(Math.random() * Math.min(5000, 50 * 2 ** round));
      const wanted = { Keys: keys, ConsistentRead: true, ExpressionAttributeNames, ProjectionExpression };
      const command = new BatchGetItemCommand({ RequestItems: { [this.#name]: wanted } });
      const { Responses, UnprocessedKeys } = await called('dynamodb:BatchGetItem', () => this.#client.send(command));
      for (const item of Responses?.[this.#name] ?? []) {
        const record = recordOf(item);
        found.set(record.id, record);
      }
      keys = UnprocessedKeys?.[this.#name]?.Keys ?? [];
    }
    return found;
  }

  /** False where there is one of that id already. */
  async create(record: JobRecord): Promise<boolean> {
    const command = new PutItemCommand({
      TableName: this.#name,
      Item: itemOf(withoutLists(record)),
      ConditionExpression: 'attribute_not_exists(id)',
    });
    return onCondition('dynamodb:PutItem', () => this.#client.send(command));
  }

  /** Notes that the message is in the queue. A record that is gone is not made again. */
  async markSent(id: string, at: string): Promise<void> {
    const command = new UpdateItemCommand({
      TableName: this.#name,
      Key: { id: { S: id } },
      UpdateExpression: 'SET sentAt = :at',
      ConditionExpression: 'attribute_exists(id)',
      ExpressionAttributeValues: { ':at': { S: at } },
    });
    await onCondition('dynamodb:UpdateItem', () => this.#client.send(command));
  }

  /** False where the record is in another state. What was said of the last attempt is taken away. */
  async change({ id, from, to, at, changedBefore, expiresAt, queue }: Transition): Promise<boolean> {
    const states = Object.fromEntries(from.map((state, index) => [`:from${index}`, { S: state }]));
    const more = itemOf({ ':before': changedBefore, ':expires': expiresAt, ':queue': queue });
    const sets = [
      '#state = :to',
      '#at = :now',
      ...(expiresAt === undefined ? [] : ['expiresAt = :expires']),
      ...(queue === undefined ? [] : ['#queue = :queue']),
    ];
    const command = new UpdateItemCommand({
      TableName: this.#name,
      Key: { id: { S: id } },
      UpdateExpression: `SET ${sets.join(', ')}${to === 'queued' ? ' REMOVE sentAt, reason, instanceId, failedOn' : ''}`,
      ConditionExpression: `#state IN (${Object.keys(states).join(', ')})${changedBefore === undefined ? '' : ' AND #at < :before'}`,
      ExpressionAttributeNames: {
        ...{ '#state': 'state', '#at': 'at' },
        ...(queue === undefined ? {} : { '#queue': 'queue' }),
      },
      ExpressionAttributeValues: { ':to': { S: to }, ':now': { S: at }, ...states, ...more },
    });
    return onCondition('dynamodb:UpdateItem', () => this.#client.send(command));
  }

  /** Jobs of one state, the newest first, without their bodies; and where to go on, undefined at the end. */
  async page(query: StateQuery): Promise<{ readonly records: JobRecord[]; readonly next: Position | undefined }> {
    const { state, since, queue, after, limit } = query;
    const command = new QueryCommand({
      TableName: this.#name,
      IndexName: INDEX,
      KeyConditionExpression: `#state = :state${since === undefined ? '' : ' AND submittedAt >= :since'}`,
      ...(queue === undefined ? {} : { FilterExpression: '#queue = :queue' }),
      ExpressionAttributeNames: { '#state': 'state', ...(queue === undefined ? {} : { '#queue': 'queue' }) },
      ExpressionAttributeValues: itemOf({ ':state': state, ':since': since, ':queue': queue }),
      ...(after === undefined ? {} : { ExclusiveStartKey: itemOf({ state, ...after }) }),
      ScanIndexForward: false,
      Limit: limit,
    });
    const { Items = [], LastEvaluatedKey: last } = await called('dynamodb:Query', () => this.#client.send(command));
    return { records: Items.map(recordOf), next: last === undefined ? undefined : positionOf(last) };
  }
}

/** Whether it was done: not so where the record is otherwise than the call asks for. */
async function onCondition(call: string, send: () => Promise<object>): Promise<boolean> {
  return (await calledUnless(call, /^ConditionalCheckFailedException$/, send)) !== undefined;
}

/** Only agents write where it failed. */
function withoutLists({ failedOn: _, ...record }: JobRecord) {
  return record;
}

function positionOf(key: Item): Position {
  return { id: key['id']?.S ?? '', submittedAt: key['submittedAt']?.S ?? '' };
}
