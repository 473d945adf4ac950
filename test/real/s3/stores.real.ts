import { afterAll, beforeAll, expect, test } from 'vitest';
import { bucketStores } from '../../../lib/state/bucket-stores.ts';
import { s3Bucket } from '../../../lib/state/s3-bucket.ts';
import { storesContract } from '../../lib/state/stores.contract.ts';
import { type S3Server, startS3 } from '../support/s3-server.ts';

let server: S3Server;
beforeAll(async () => void (server = await startS3()));
afterAll(() => server.stop());

const open = (prefix: string) => {
  const { bucket, endpoint, credentials } = server;
  return bucketStores(s3Bucket({ bucket, endpoint, credentials, prefix, region: 'us-east-1' }));
};

let prefixes = 0;
storesContract('S3', async () => {
  const prefix = `tandem-${(prefixes += 1)}`;
  const opened: ReturnType<typeof open>[] = [];
  return {
    open: async () => {
      const stores = open(prefix);
      opened.push(stores);
      return stores;
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
  );
  const error = await stores.records.list().catch((reason: unknown) => reason);
  expect(error).toMatchObject({ code: 'state-unreachable' });
  expect(JSON.stringify(error) + String(error)).not.toContain(credentials.secretAccessKey);
});
