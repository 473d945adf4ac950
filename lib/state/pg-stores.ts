import { Pool, type QueryResultRow } from 'pg';
import { z } from 'zod';
import { stateUnreachable } from './errors.ts';
import {
  beginEntry,
  entryOf,
  isFinished,
  type Journal,
  type JournalEntry,
  journalEntrySchema,
  newOperationId,
  replay,
} from './journal.ts';
import { pgLineage } from './lineage.ts';
import { type Attempt, acquireByTrying, isDeadHere, type Lock, type LockStore, lockSchema } from './lock.ts';
import { pgVersions } from './raw-versions.ts';
import { type RecordStore, recordSchema, type StackRecord } from './record.ts';
import { pgStates } from './states-pg.ts';

export interface PgStoresProps {
  /** Connection string; a secret, never told. */
  readonly connection: string;
  readonly schema: string;
}

/** One row a fact. Text, not `jsonb`: what is read is what was written, to the byte. */
const tables = (schema: string): string => `
  CREATE SCHEMA IF NOT EXISTS ${schema};
  CREATE TABLE IF NOT EXISTS ${schema}.record (stack text PRIMARY KEY, content text NOT NULL);
  CREATE TABLE IF NOT EXISTS ${schema}.lock (stack text PRIMARY KEY, content text NOT NULL);
  CREATE TABLE IF NOT EXISTS ${schema}.lineage (one boolean PRIMARY KEY DEFAULT true CHECK (one), content text NOT NULL);
  CREATE TABLE IF NOT EXISTS ${schema}.journal (
    sequence bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    operation text NOT NULL, entry text NOT NULL, content text NOT NULL);
  CREATE TABLE IF NOT EXISTS ${schema}.state_version (
    stack text NOT NULL, id text NOT NULL, content text NOT NULL, PRIMARY KEY (stack, id));
  CREATE INDEX IF NOT EXISTS journal_operation ON ${schema}.journal (operation, sequence);
`;

const row = z.looseObject({ content: z.string() });

/** Records, journal and locks in PostgreSQL, beside Terraform's own states. */
export function pgStores({ connection, schema }: PgStoresProps) {
  // Idle connections keep no process from ending: a command need not say that it is through.
  const pool = new Pool({
    connectionString: connection,
    max: 4,
    connectionTimeoutMillis: 10_000,
    allowExitOnIdle: true,
  });
  // A connection that breaks while nobody uses it is no error: the next query opens another.
  pool.on('error', () => undefined);
  const name = `"${schema.replaceAll('"', '')}"`;
  let prepared: Promise<unknown> | undefined;
  const raw = async (text: string, values: readonly unknown[] = []): Promise<QueryResultRow[]> => {
    try {
      return (await pool.query<QueryResultRow>(text, [...values])).rows;
    } catch (error) {
      if (isRefusal(error)) throw error;
      throw stateUnreachable('PostgreSQL', error instanceof Error ? error.message : String(error));
    }
  };
  const query = async (text: string, values: readonly unknown[] = []): Promise<string[]> => {
    // Two who create the same tables at once can collide in the catalogue; one at a time cannot.
    prepared ??= raw(`BEGIN; SELECT pg_advisory_xact_lock(7261); ${tables(name)} COMMIT`);
    await prepared;
    return (await raw(text.replaceAll('$schema', name), values)).map((each) => row.parse(each).content);
  };
  return {
    records: pgRecords(query),
    journal: pgJournal(query),
    locks: pgLocks(query),
    lineage: pgLineage(query, `PostgreSQL, schema ${schema}`),
    rawStates: pgStates(query, schema),
    rawVersions: pgVersions(query),
    close: () => pool.end(),
  };
}

type Query = (text: string, values?: readonly unknown[]) => Promise<string[]>;

/** The server answered, and said no: a fault of Tandem, not of the network. */
function isRefusal(error: unknown): boolean {
  return (
    error instanceof Error && 'severity' in error && 'code' in error && !/^(?:08|28|57|3D)/.test(String(error.code))
  );
}

function pgRecords(query: Query): RecordStore {
  const parse = (text: string): StackRecord => recordSchema.parse(JSON.parse(text));
  return {
    list: async () => (await query('SELECT content FROM $schema.record ORDER BY stack COLLATE "C"')).map(parse),
    read: async (stack) => (await query('SELECT content FROM $schema.record WHERE stack = $1', [stack])).map(parse)[0],
    write: async (record) => {
      const text = JSON.stringify(recordSchema.parse(record));
      await query(
        'INSERT INTO $schema.record VALUES ($1, $2) ON CONFLICT (stack) DO UPDATE SET content = excluded.content',
        [record.stack, text],
      );
    },
    remove: async (stack) => {
      await query('DELETE FROM $schema.record WHERE stack = $1', [stack]);
    },
  };
}

function pgJournal(query: Query): Journal {
  const append = async (entry: JournalEntry): Promise<void> => {
    await query('INSERT INTO $schema.journal (operation, entry, content) VALUES ($1, $2, $3)', [
      ...[entry.operation, entry.entry, JSON.stringify(entry)],
    ]);
  };
  const group = (rows: readonly string[]) => {
    const entries = rows.map((text) => journalEntrySchema.parse(JSON.parse(text)));
    return [...Map.groupBy(entries, (entry) => entry.operation).values()].flatMap((each) => replay(each) ?? []);
  };
  return {
    async begin(operation, id = newOperationId()) {
      await append(beginEntry(operation, id));
      return id;
    },
    intend: ({ operation, key, detail }) =>
      append(entryOf({ entry: 'intend' as const, operation, key, detail: { ...detail } })),
    done: ({ operation, key }, result) =>
      append(entryOf({ entry: 'done' as const, operation, key, result: result ?? null })),
    end: (operation, outcome, reason = '') => append(entryOf({ entry: 'end' as const, operation, outcome, reason })),
    open: async () =>
      group(
        await query(`SELECT content FROM $schema.journal WHERE operation IN (
          SELECT operation FROM $schema.journal GROUP BY operation HAVING bool_and(entry <> 'end')) ORDER BY sequence`),
      ),
    entries: async (operation) =>
      (await query('SELECT content FROM $schema.journal WHERE operation = $1 ORDER BY sequence', [operation])).map(
        (text) => journalEntrySchema.parse(JSON.parse(text)),
      ),
    history: async (limit) =>
      group(
        await query(
          `SELECT content FROM $schema.journal WHERE operation IN (
            SELECT operation FROM $schema.journal WHERE entry = 'end' GROUP BY operation ORDER BY max(sequence) DESC LIMIT $1)
          ORDER BY sequence`,
          [limit],
        ),
      )
        .filter(isFinished)
        .reverse(),
  };
}

function pgLocks(query: Query): LockStore {
  const parse = (text: string): Lock => lockSchema.parse(JSON.parse(text));
  const read = async (stack: string): Promise<Lock | undefined> =>
    (await query('SELECT content FROM $schema.lock WHERE stack = $1', [stack])).map(parse)[0];
  return {
    async acquire(request, options) {
      const attempt = async (): Promise<Attempt> => {
        const text = JSON.stringify({ format: 'tandem.lock/1', ...request, since: new Date().toISOString() });
        const values = [request.stack, text];
        const insert = 'INSERT INTO $schema.lock VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING content';
        if ((await query(insert, values)).length > 0) return { held: true, tookOver: undefined };
        const [content] = await query('SELECT content FROM $schema.lock WHERE stack = $1', [request.stack]);
        // It was released in between.
        if (content === undefined) return attempt();
        const holder = parse(content);
        if (!isDeadHere(holder, request.host)) return { held: false, holder };
        // Only from the very holder that was looked at: somebody may have been quicker.
        const taken = 'UPDATE $schema.lock SET content = $2 WHERE stack = $1 AND content = $3 RETURNING content';
        return (await query(taken, [...values, content])).length > 0 ? { held: true, tookOver: holder } : attempt();
      };
      const { tookOver } = await acquireByTrying(attempt, options);
      const release = async (): Promise<void> => {
        const [content] = await query('SELECT content FROM $schema.lock WHERE stack = $1', [request.stack]);
        if (content === undefined || parse(content).operation !== request.operation) return;
        await query('DELETE FROM $schema.lock WHERE stack = $1 AND content = $2', [request.stack, content]);
      };
      return { tookOver, release };
    },
    read,
    list: async () => (await query('SELECT content FROM $schema.lock ORDER BY stack COLLATE "C"')).map(parse),
    break: async (stack) =>
      (await query('DELETE FROM $schema.lock WHERE stack = $1 RETURNING content', [stack])).map(parse)[0],
  };
}
