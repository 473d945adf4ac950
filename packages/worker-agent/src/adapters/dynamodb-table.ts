import {
  type AttributeValue,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  PutItemCommand,
  paginateScan,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { AgentState, Clock, Heartbeat, HeartbeatTable, Peer, Protection } from '../ports.ts';

/** The one item that is no instance's: no instance id looks like it. */
const BOARD = 'protection-board';
const FORGET_SECONDS = 3600;
const MOST_REASON = 500;

/** Heartbeats, and the board that agents share. Items vanish an hour after the last word. */
export class DynamoTable implements HeartbeatTable {
  readonly #client: DynamoDBClient;
  readonly #table: string;
  readonly #clock: Clock;

  constructor(client: DynamoDBClient, table: string, clock: Clock) {
    this.#client = client;
    this.#table = table;
    this.#clock = clock;
  }

  async put(heartbeat: Heartbeat): Promise<void> {
    const { jobs, failures, finished, failed, reason, ...texts } = heartbeat;
    const Item: Record<string, AttributeValue> = {
      ...Object.fromEntries(Object.entries(texts).map(([name, value]) => [name, { S: value }])),
      jobs: {
        L: jobs.map(({ id, queue, since }) => ({ M: { id: { S: id }, queue: { S: queue }, since: { S: since } } })),
      },
      ...(jobs[0] === undefined ? {} : { job: { S: jobs[0].id } }),
      failures: { N: String(failures) },
      finished: { N: String(finished) },
      failed: { N: String(failed) },
      ...(reason === undefined ? {} : { reason: { S: reason.slice(0, MOST_REASON) } }),
      expiresAt: this.#expiry(),
    };
    await this.#client.send(new PutItemCommand({ TableName: this.#table, Item }));
  }

  /** A scan: 500 items are one page. Asked only by a machine that fails. */
  async peers(): Promise<readonly Peer[]> {
    const names = ['instanceId', 'at', 'state', 'failures', 'finished', 'failed', 'reason'];
    const peers: Peer[] = [];
    const input = {
      TableName: this.#table,
      ConsistentRead: true,
      ProjectionExpression: names.map((name) => `#${name}`).join(', '),
      ExpressionAttributeNames: Object.fromEntries(names.map((name) => [`#${name}`, name])),
    };
    for await (const { Items = [] } of paginateScan({ client: this.#client }, input)) {
      for (const item of Items) if (item['instanceId']?.S !== BOARD) peers.push(peerOf(item));
    }
    return peers;
  }

  async wish(instanceId: string, protection: Protection, untilMs: number): Promise<boolean> {
    const other = protection === 'protect' ? 'release' : 'protect';
    const { Attributes } = await this.#client.send(
      new UpdateItemCommand({
        ...this.#board(),
        UpdateExpression: 'ADD #wish :me DELETE #other :me SET expiresAt = :expiry',
        ExpressionAttributeNames: { '#wish': protection, '#other': other },
        ExpressionAttributeValues: { ':me': { SS: [instanceId] }, ':expiry': this.#expiry() },
        ReturnValues: 'ALL_NEW',
      }),
    );
    const now = this.#clock.now();
    if (Number(Attributes?.['flushBy']?.N ?? 0) > now) return false;
    try {
      await this.#client.send(
        new UpdateItemCommand({
          ...this.#board(),
          UpdateExpression: 'SET flushBy = :until',
          ConditionExpression: 'attribute_not_exists(flushBy) OR flushBy <= :now',
          ExpressionAttributeValues: { ':until': { N: String(now + untilMs) }, ':now': { N: String(now) } },
        }),
      );
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    }
  }

  async takeWishes(): Promise<Readonly<Record<Protection, readonly string[]>>> {
    const { Attributes } = await this.#client.send(
      new UpdateItemCommand({
        ...this.#board(),
        UpdateExpression: 'REMOVE #protect, #release, flushBy',
        ExpressionAttributeNames: { '#protect': 'protect', '#release': 'release' },
        ReturnValues: 'ALL_OLD',
      }),
    );
    const ids = (kind: Protection): string[] => [...(Attributes?.[kind]?.SS ?? [])].sort();
    return { protect: ids('protect'), release: ids('release') };
  }

  #board() {
    return { TableName: this.#table, Key: { instanceId: { S: BOARD } } };
  }

  #expiry() {
    return { N: String(Math.floor(this.#clock.now() / 1000) + FORGET_SECONDS) };
  }
}

function peerOf(item: Readonly<Record<string, AttributeValue>>): Peer {
  const number = (name: string): number => Number(item[name]?.N ?? 0);
  return {
    instanceId: item['instanceId']?.S ?? '',
    at: item['at']?.S ?? '',
    // One that was given up drains before it goes: it stays counted.
    state: item['reason'] === undefined ? ((item['state']?.S ?? 'idle') as AgentState) : 'broken',
    ...{ failures: number('failures'), finished: number('finished'), failed: number('failed') },
  };
}
