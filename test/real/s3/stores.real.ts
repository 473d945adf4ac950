import { afterAll, beforeAll, expect, test } from 'vitest';
import { bucketStores } from '../../../lib/state/bucket-stores.ts';
import { s3Bucket } from '../../../lib/state/s3-bucket.ts';
import { storesContract } from '../../lib/state/stores.contract.ts';
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
