import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  PutItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { Clock, Heartbeat, HeartbeatTable, Protection } from '../ports.ts';

/** The one item that is no instance's: no instance id looks like it. */
const BOARD = 'protection-board';
const FORGET_SECONDS = 3600;

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

  async put({ instanceId, at, job, version, state }: Heartbeat): Promise<void> {
    const Item = {
      instanceId: { S: instanceId },
      at: { S: at },
      ...(job === undefined ? {} : { job: { S: job } }),
      version: { S: version },
      state: { S: state },
      expiresAt: this.#expiry(),
    };
    await this.#client.send(new PutItemCommand({ TableName: this.#table, Item }));
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
