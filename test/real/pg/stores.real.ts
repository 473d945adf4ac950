import { afterAll, beforeAll, expect, test } from 'vitest';
import { pgStores } from '../../../lib/state/pg-stores.ts';
import { storesContract } from '../../lib/state/stores.contract.ts';
import { PASSWORD, type Postgres, startPostgres } from '../support/postgres.ts';

let server: Postgres;
beforeAll(async () => void (server = await startPostgres()));
afterAll(() => server.stop());

let schemas = 0;
storesContract('PostgreSQL', async () => {
  const schema = `tandem_${(schemas += 1)}`;
  const opened: ReturnType<typeof pgStores>[] = [];
  return {
    open: async () => {
      const stores = pgStores({ connection: server.url, schema });
      opened.push(stores);
      return stores;
    },
    close: async () => {
      await Promise.all(opened.map((each) => each.close()));
    },
  };
});

test('fails where there is no server, without telling the connection string', async () => {
  const stores = pgStores({ connection: `postgres://tandem:${PASSWORD}@127.0.0.1:1/postgres`, schema: 'tandem' });
  const error = await stores.records.list().catch((reason: unknown) => reason);
  expect(error).toMatchObject({ code: 'state-unreachable' });
  expect(JSON.stringify(error) + String(error)).not.toContain(PASSWORD);
  await stores.close();
});
