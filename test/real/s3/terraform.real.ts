import { App } from 'cdktf';
import { afterAll, beforeAll } from 'vitest';
import { TandemTerraformStack } from '../../../lib/openstack/tandem-terraform-stack.ts';
import { remoteStateContract } from '../support/remote-state.ts';
import { credentials, type S3Server, startS3 } from '../support/s3-server.ts';

let server: S3Server;
beforeAll(async () => void (server = await startS3()));
afterAll(() => server.stop());

remoteStateContract('S3', {
  backend: () => {
    const { bucket, endpoint } = server;
    const location = { backend: 's3', bucket, endpoint, region: 'us-east-1', prefix: 'tandem' } as const;
    const stack = new TandemTerraformStack(new App(), 'openstack/lab/base', location);
    return (stack.toTerraform() as { terraform: { backend: Record<string, unknown> } }).terraform.backend;
  },
  environment: () => ({
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
  }),
  secret: credentials.secretAccessKey,
});
