import { Client } from 'pg';
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
    open: async (options) => {
      const stores = pgStores({ connection: server.url, schema }, options);
      opened.push(stores);
      return stores;
    },
    async spoil(kind, name, text) {
      // Makes the tables, where nothing did.
      await opened[0]?.records.list();
      const client = new Client({ connectionString: server.url });
      await client.connect();
      if (kind === 'journal')
        await client.query(`INSERT INTO ${schema}.journal (operation, entry, content) VALUES ($1, 'intend', $2)`, [
          ...[name, text],
        ]);
      else await client.query(`INSERT INTO ${schema}.${kind} VALUES ($1, $2)`, [name, text]);
      await client.end();
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
