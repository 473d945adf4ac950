import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { bucketStores } from '../../../lib/state/bucket-stores.ts';
import { s3Bucket } from '../../../lib/state/s3-bucket.ts';
import { lockRequest } from '../../lib/state/lock-request.ts';
import { record } from '../../lib/state/record-of.ts';
import { storesContract } from '../../lib/state/stores.contract.ts';
import { type FaultProxy, startFaultProxy } from '../support/fault-proxy.ts';
import { type S3Server, startS3 } from '../support/s3-server.ts';

let server: S3Server;
beforeAll(async () => void (server = await startS3()));
afterAll(() => server.stop());

const bucketOf = (prefix: string, endpoint = server.endpoint) => {
  const { bucket, credentials } = server;
  return s3Bucket({ bucket, endpoint, credentials, prefix, region: 'us-east-1' });
};

let prefixes = 0;
storesContract('S3', async () => {
  const prefix = `tandem-${(prefixes += 1)}`;
  const opened: ReturnType<typeof bucketStores>[] = [];
  return {
    open: async (options) => {
      const stores = bucketStores(bucketOf(prefix), 'a bucket', options);
      opened.push(stores);
      return stores;
    },
    async spoil(kind, name, text) {
      const bucket = bucketOf(prefix);
      const { length } = await bucket.list(`journal/${name}/`);
      const keys = {
        record: `record/${name}.json`,
        lock: `locks/${name}.json`,
        journal: `journal/${name}/${String(length + 1).padStart(6, '0')}.json`,
      };
      await bucket.put(keys[kind], text);
    },
    close: async () => {
      await Promise.all(opened.map((each) => each.close()));
    },
  };
});

test('fails where the bucket is not there, without telling the key', async () => {
  const { endpoint, credentials } = server;
  const stores = bucketStores(
    s3Bucket({ bucket: 'elsewhere', endpoint, credentials, prefix: 'x', region: 'us-east-1' }),
    'bucket elsewhere/x',
  );
  const error = await stores.records.list().catch((reason: unknown) => reason);
  expect(error).toMatchObject({ code: 'state-unreachable' });
  expect(JSON.stringify(error) + String(error)).not.toContain(credentials.secretAccessKey);
});

test('fails to read one thing of a bucket that is not there', async () => {
  const { endpoint, credentials } = server;
  const bucket = s3Bucket({ bucket: 'elsewhere', endpoint, credentials, prefix: 'x', region: 'us-east-1' });
  await expect(bucket.get('locks/a.json')).rejects.toMatchObject({ code: 'state-unreachable' });
});

describe('an answer that is lost', () => {
  let proxy: FaultProxy;
  beforeAll(async () => void (proxy = await startFaultProxy(Number(new URL(server.endpoint).port))));
  afterAll(() => proxy.stop());
  const base = 'openstack/lab/base';
  let stores: ReturnType<typeof bucketStores>;
  beforeEach(() => {
    const prefix = `tandem-${(prefixes += 1)}`;
    stores = bucketStores(bucketOf(prefix, proxy.base), 'a bucket');
  });
  const lose = (method: string, path: RegExp) => proxy.inject({ method, path, times: 1, action: 'lose' });

  test.each([1, 2])('leaves a lock that is ours, at acquisition %i', async (acquisition) => {
    for (let left = acquisition; left > 1; left -= 1)
      await (await stores.locks.acquire(lockRequest({ stack: base }))).release();
    lose('PUT', /locks/);
    const held = await stores.locks.acquire(lockRequest({ stack: base }));
    expect(proxy.hit).toHaveLength(1);
    await held.assertHeld();
    expect(held.token).toBe(acquisition);
    lose('PUT', /locks/);
    await held.release();
    await held.release();
    expect(await stores.locks.list()).toEqual([]);
  });

  test('leaves one entry in the journal, and a record that is written and removed', async () => {
    const held = await stores.locks.acquire(lockRequest({ stack: base }));
    const id = await stores.journal.begin({ verb: 'deploy', stacks: [base], by: 'ops', commit: '', arguments: {} });
    lose('PUT', /journal/);
    await stores.journal.intend({ operation: id, key: `apply ${base}`, detail: {} }, [held]);
    expect(proxy.hit).toHaveLength(1);
    expect((await stores.journal.entries(id)).map((each) => each.entry)).toEqual(['begin', 'intend']);
    lose('PUT', /record/);
    await stores.records.write(record(base, 'a'), [held]);
    expect((await stores.records.read(base))?.commit).toBe('a');
    lose('DELETE', /record/);
    await stores.records.remove(base, [held]);
    lose('PUT', /journal.ended/);
    await stores.journal.end(id, 'succeeded', '', [held]);
    expect(await stores.journal.open()).toEqual([]);
  });
});

test('requires the owner that is expected, in every request', async () => {
  const seen: (string | undefined)[] = [];
  const spy = createServer((incoming, outgoing) => {
    seen.push(incoming.headers['x-amz-expected-bucket-owner'] as string | undefined);
    outgoing.writeHead(incoming.method === 'GET' && !(incoming.url ?? '').includes('list-type') ? 404 : 200).end();
  });
  spy.listen(0, '127.0.0.1');
  await once(spy, 'listening');
  const { port } = spy.address() as AddressInfo;
  const { credentials } = server;
  const bucket = s3Bucket({
    ...{ bucket: 'b', prefix: 'x', region: 'us-east-1', credentials, expectedBucketOwner: '111122223333' },
    endpoint: `http://127.0.0.1:${port}`,
  });
  await bucket.get('a');
  await bucket.put('a', 'b');
  await bucket.remove('a');
  await bucket.list('a');
  expect(seen).toEqual(Array.from({ length: 4 }, () => '111122223333'));
  spy.close();
});
