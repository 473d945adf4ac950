import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll } from 'vitest';
import { secretsManager } from '../../../lib/aws-api/secrets-manager.ts';
import { secretStoreContract } from '../../lib/secrets/secret-store.contract.ts';
import { freePort } from '../support/free-port.ts';
import { pythonTools } from './python-tools.ts';

/** moto answers for AWS Secrets Manager as AWS documents it, recovery windows included: names stay taken until they are over. */
let moto: ReturnType<typeof spawn> | undefined;
let endpoint = '';
let round = 0;

beforeAll(async () => {
  const port = await freePort();
  endpoint = `http://127.0.0.1:${port}`;
  moto = spawn(`${pythonTools()}/moto_server`, ['-H', '127.0.0.1', '-p', String(port)], { stdio: 'ignore' });
  for (let left = 120; left > 0; left -= 1) {
    if (
      await fetch(endpoint).then(
        () => true,
        () => false,
      )
    )
      return;
    await sleep(500);
  }
  throw new Error('moto does not answer');
});
afterAll(async () => {
  if (moto === undefined) return;
  const closed = once(moto, 'close');
  moto.kill('SIGTERM');
  await closed;
});

secretStoreContract('AWS Secrets Manager', () => {
  process.env['AWS_ENDPOINT_URL_SECRETS_MANAGER'] = endpoint;
  const credentials = () => Promise.resolve({ accessKeyId: 'x', secretAccessKey: 'x' });
  round += 1;
  const store = secretsManager({
    connection: { account: '123456789012', region: 'eu-west-3', credentials },
    prefix: `tandem/test-${round}`,
  });
  return Promise.resolve({
    store,
    close: async () => {
      await Promise.resolve();
      store.close();
    },
  });
});
