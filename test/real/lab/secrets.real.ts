import { beforeAll } from 'vitest';
import type { Lab } from '../../../lab/openstack/index.ts';
import { barbican } from '../../../lib/openstack-api/barbican.ts';
import { OpenStackClient } from '../../../lib/openstack-api/client.ts';
import { readCloudAccess } from '../../../lib/openstack-api/clouds-yaml.ts';
import { secretStoreContract } from '../../lib/secrets/secret-store.contract.ts';
import { healthyLab } from '../support/lab.ts';

let lab: Lab;
let round = 0;

beforeAll(async () => {
  lab = await healthyLab();
});

secretStoreContract('Barbican', async () => {
  const access = readCloudAccess(lab.cloudName, { ...process.env, ...lab.environment }, '/');
  const client = OpenStackClient.open(access, { cloud: 'lab' });
  round += 1;
  const prefix = `tandem/test-${Date.now().toString(36)}-${round}`;
  const store = barbican({ client, cloud: 'lab', prefix, assertIdentity: () => Promise.resolve() });
  const close = async (): Promise<void> => {
    for (const each of await store.list()) await store.remove(each);
    store.close();
  };
  return { store, close };
});
