import { afterAll, beforeAll } from 'vitest';
import { stateSchema } from '../../../lib/stack/state-schema.ts';
import { PASSWORD, type Postgres, startPostgres } from '../support/postgres.ts';
import { remoteStateContract } from '../support/remote-state.ts';

let server: Postgres;
beforeAll(async () => void (server = await startPostgres()));
afterAll(() => server.stop());

remoteStateContract('PostgreSQL', {
  backend: () => ({ pg: { schema_name: stateSchema('tandem', 'openstack/lab/base') } }),
  environment: () => ({ PG_CONN_STR: server.url }),
  secret: PASSWORD,
});
