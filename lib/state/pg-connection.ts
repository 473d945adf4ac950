import { Client, Pool, type QueryResultRow } from 'pg';
import { z } from 'zod';
import { messageOf } from '../errors/tandem-error.ts';
import { stateFull, stateReadOnly, stateUnreachable } from './errors.ts';
import { AT_START, persist, WITHIN } from './persist.ts';

export interface PgProps {
  /** Connection string; a secret, never told. */
  readonly connection: string;
  readonly schema: string;
  /** Told once of each time that the server has to be waited for. @default - nobody is */
  readonly onWait?: (text: string) => void;
}

/** Values of the column `content`; `$schema` stands for the schema's name. Repeated after a lost answer, so it must bear that. */
export type Query = (text: string, values?: readonly unknown[]) => Promise<string[]>;

export interface PgConnection {
  /** `PostgreSQL at db:5432, database ops, schema tandem`. */
  readonly place: string;
  readonly query: Query;
  readonly close: () => Promise<void>;
}

/** One row a fact. Text, not `jsonb`: what is read is what was written, to the byte. */
const tables = (schema: string): string => `
  CREATE SCHEMA IF NOT EXISTS ${schema};
  CREATE TABLE IF NOT EXISTS ${schema}.record (stack text PRIMARY KEY, content text NOT NULL);
  CREATE TABLE IF NOT EXISTS ${schema}.lock (stack text PRIMARY KEY, content text NOT NULL);
  CREATE TABLE IF NOT EXISTS ${schema}.ledger (stack text PRIMARY KEY, content text NOT NULL);
  CREATE TABLE IF NOT EXISTS ${schema}.lineage (one boolean PRIMARY KEY DEFAULT true CHECK (one), content text NOT NULL);
  CREATE TABLE IF NOT EXISTS ${schema}.journal (
    sequence bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    operation text NOT NULL, entry text NOT NULL, content text NOT NULL);
  CREATE TABLE IF NOT EXISTS ${schema}.state_version (
    stack text NOT NULL, id text NOT NULL, content text NOT NULL, PRIMARY KEY (stack, id));
  CREATE INDEX IF NOT EXISTS journal_operation ON ${schema}.journal (operation, sequence);
`;

const row = z.looseObject({ content: z.string() });

/**
 * A connection that is made again where it breaks.
 * @throws TandemError of `query`: `state-unreachable`, `state-full`, `state-read-only`
 */
export function pgConnection({ connection, schema, onWait = () => undefined }: PgProps): PgConnection {
  // Idle connections keep no process from ending: a command need not say that it is through.
  const pool = new Pool({
    ...{ connectionString: connection, max: 4, allowExitOnIdle: true, keepAlive: true },
    ...{ connectionTimeoutMillis: AT_START, query_timeout: WITHIN / 2 },
  });
  // A connection that breaks while nobody uses it is no error: the next query opens another.
  pool.on('error', () => undefined);
  const { host, port, database, password } = new Client({ connectionString: connection });
  const place = `PostgreSQL at ${host}:${port}, database ${database ?? ''}, schema ${schema}`;
  const name = `"${schema.replaceAll('"', '')}"`;
  const why = (error: unknown): string => {
    const text = reasonOf(error);
    return typeof password === 'string' && password !== '' ? text.replaceAll(password, '***') : text;
  };
  const attempts = persist(place, onWait);
  const raw = (text: string, values: readonly unknown[] = []): Promise<QueryResultRow[]> =>
    attempts(async () => {
      try {
        return { value: (await pool.query<QueryResultRow>(text, [...values])).rows };
      } catch (error) {
        const kind = kindOf(error);
        if (kind === 'passes') return { passes: why(error) };
        if (kind === 'full') throw stateFull(place, why(error));
        if (kind === 'read-only') throw stateReadOnly(place, why(error));
        if (kind === 'refused') throw stateUnreachable(place, why(error));
        throw error;
      }
    });
  let prepared: Promise<unknown> | undefined;
  return {
    place,
    async query(text, values) {
      // Two who create the same tables at once can collide in the catalogue; one at a time cannot.
      prepared ??= raw(`BEGIN; SELECT pg_advisory_xact_lock(7261); ${tables(name)} COMMIT`);
      await prepared.catch((error: unknown) => {
        prepared = undefined;
        throw error;
      });
      return (await raw(text.replaceAll('$schema', name), values)).map((each) => row.parse(each).content);
    },
    close: () => pool.end(),
  };
}

/**
 * What to do about an error: `passes` is worth another attempt, `refused` is an answer that needs people, `fault` is Tandem's own.
 * SQLSTATE: 08 connection, 40 rolled back, 53 resources, 57 operator (shut down, starting up), 28 authentication, 3D no such database.
 */
function kindOf(error: unknown): 'passes' | 'refused' | 'full' | 'read-only' | 'fault' {
  if (!(error instanceof Error)) return 'fault';
  const code = 'code' in error ? String(error.code) : '';
  // Without a severity it is not the server's: the network's, or the client's own time-out.
  if (!('severity' in error)) return ['ENOTFOUND', 'CERT_HAS_EXPIRED'].includes(code) ? 'refused' : 'passes';
  if (code === '53100') return 'full';
  if (code === '25006' || code === '42501') return 'read-only';
  if (/^(?:08|40|53|57)/.test(code)) return 'passes';
  return /^(?:28|3D)/.test(code) ? 'refused' : 'fault';
}

/** Several addresses of one name fail together, in an error without a message. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.message === '') return error.errors.map(reasonOf).join('; ');
  return messageOf(error);
}
