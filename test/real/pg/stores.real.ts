import { Client } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { pgStores } from '../../../lib/state/pg-stores.ts';
import { lockRequest } from '../../lib/state/lock-request.ts';
import { record } from '../../lib/state/record-of.ts';
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

test('fails within seconds where no server ever answered, and says where', async () => {
  const stores = pgStores({ connection: `postgres://tandem:${PASSWORD}@127.0.0.1:1/ops`, schema: 'tandem' });
  const started = performance.now();
  const message = expect.stringContaining('PostgreSQL at 127.0.0.1:1, database ops, schema tandem') as string;
  await expect(stores.locks.list()).rejects.toMatchObject({ code: 'state-unreachable', message });
  expect(performance.now() - started).toBeLessThan(12_000);
  await stores.close();
});

test('goes on within an operation when the server was killed and is started again', async () => {
  const waits: string[] = [];
  const base = 'openstack/lab/base';
  const schema = `tandem_${(schemas += 1)}`;
  const stores = pgStores({ connection: server.url, schema, onWait: (text) => void waits.push(text) });
  const held = await stores.locks.acquire(lockRequest({ stack: base }));
  const id = await stores.journal.begin({ verb: 'deploy', stacks: [base], by: 'ops', commit: '', arguments: {} });
  await server.crash();
  const intended = stores.journal.intend({ operation: id, key: `apply ${base}`, detail: {} }, [held]);
  await new Promise((passed) => setTimeout(passed, 2000));
  await server.start();
  await intended;
  await stores.records.write(record(base), [held]);
  await stores.journal.end(id, 'succeeded', '', [held]);
  expect((await stores.journal.entries(id)).map((each) => each.entry)).toEqual(['begin', 'intend', 'end']);
  expect(waits).toHaveLength(1);
  expect(waits.join()).not.toContain(PASSWORD);
  await stores.close();
});
