import { request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import dynalite from 'dynalite';
import { AwsError } from '../aws-error.ts';
import type { JsonObject } from '../json.ts';
import { isObject, text } from '../json.ts';
import type { AwsResponse } from '../wire/request.ts';
import type { Realm, StoreKey } from '../world.ts';

/** A DynamoDB of each realm's own, started on first use. */
const KEY: StoreKey<Promise<number>> = {
  name: 'dynamodb',
  create: (realm) =>
    new Promise((resolve, reject) => {
      const server = dynalite({ createTableMs: 0, updateTableMs: 0, deleteTableMs: 0 });
      server.once('error', reject);
      server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
      realm.world.onClose(
        () =>
          new Promise((closed) => {
            server.close(() => closed());
            server.closeAllConnections();
          }),
      );
    }),
};

/** Hands a call to the realm's DynamoDB, and back what it says. */
export async function forward(realm: Realm, call: string, body: string | Buffer): Promise<AwsResponse> {
  const port = await realm.store(KEY);
  const headers = {
    'content-type': 'application/x-amz-json-1.0',
    'x-amz-target': `DynamoDB_20120810.${call}`,
    // It looks for a signature and believes any.
    authorization: `AWS4-HMAC-SHA256 Credential=lab/20260101/${realm.region}/dynamodb/aws4_request, SignedHeaders=host, Signature=0`,
    'x-amz-date': '20260101T000000Z',
    'content-length': Buffer.byteLength(body),
  };
  return new Promise((resolve, reject) => {
    const sent = httpRequest({ host: '127.0.0.1', port, method: 'POST', path: '/', headers }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('end', () => {
        const kept = ['content-type', 'x-amz-crc32', 'x-amzn-requestid'].flatMap((name): [string, string][] => {
          const value = answer.headers[name];
          return typeof value === 'string' ? [[name, value]] : [];
        });
        resolve({ status: answer.statusCode ?? 500, headers: Object.fromEntries(kept), body: Buffer.concat(chunks) });
      });
    });
    sent.once('error', reject);
    sent.end(body);
  });
}

/** What a table is to whoever reads and writes it; encryption, backups and expiry are CloudFormation's record only. */
const TABLE = [
  ...['AttributeDefinitions', 'KeySchema', 'BillingMode', 'ProvisionedThroughput'],
  ...['GlobalSecondaryIndexes', 'LocalSecondaryIndexes'],
];

export async function createTable(realm: Realm, name: string, properties: JsonObject): Promise<void> {
  const chosen = Object.entries(properties).filter(([key]) => TABLE.includes(key));
  const answer = await forward(
    realm,
    'CreateTable',
    JSON.stringify({ TableName: name, ...(numbers(Object.fromEntries(chosen)) as JsonObject) }),
  );
  if (answer.status !== 200) throw errorOf(answer);
}

export async function deleteTable(realm: Realm, name: string): Promise<void> {
  const answer = await forward(realm, 'DeleteTable', JSON.stringify({ TableName: name }));
  if (answer.status !== 200) throw errorOf(answer);
}

function errorOf(answer: AwsResponse): AwsError {
  const body: unknown = JSON.parse(String(answer.body));
  const type = isObject(body) ? (text(body['__type']) ?? '') : '';
  const message = isObject(body) ? (text(body['message'] ?? body['Message']) ?? '') : '';
  return new AwsError(type.split('#').at(-1) ?? 'InternalServerError', message, answer.status);
}

/** Templates may write numbers as text. */
function numbers(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(numbers);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, key.endsWith('CapacityUnits') ? Number(inner) : numbers(inner)]),
  );
}
