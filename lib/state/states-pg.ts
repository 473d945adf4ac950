import type { StackId } from '../stack/id.ts';
import { stateSchema } from '../stack/state-schema.ts';
import { stateInUse } from './errors.ts';
import type { Query } from './pg-connection.ts';
import type { RawStates } from './states.ts';

/**
 * States in the tables of Terraform's `pg` back end: one schema a stack, one row for the workspace `default`. Terraform's lock is an
 * advisory lock on the row's id.
 */
export function pgStates(query: Query, schema: string): RawStates {
  const tableOf = (stack: StackId): string => `"${stateSchema(schema, stack)}".states`;
  const exists = async (stack: StackId): Promise<boolean> =>
    (await query('SELECT to_regclass($1)::text AS content WHERE to_regclass($1) IS NOT NULL', [tableOf(stack)]))
      .length > 0;
  const read = async (stack: StackId): Promise<string | undefined> =>
    (await exists(stack))
      ? (await query(`SELECT data AS content FROM ${tableOf(stack)} WHERE name = 'default' AND data IS NOT NULL`))[0]
      : undefined;
  return {
    backend: 'pg',
    read,
    async replace(stack, before, after) {
      const table = tableOf(stack);
      if (!(await exists(stack))) for (const statement of tablesOf(stateSchema(schema, stack))) await query(statement);
      const written =
        before === undefined
          ? await query(
              `INSERT INTO ${table} (name, data) VALUES ('default', $1) ON CONFLICT (name) DO UPDATE SET data = excluded.data
              WHERE states.data IS NULL RETURNING name AS content`,
              [after],
            )
          : await query(
              `UPDATE ${table} SET data = $2 WHERE name = 'default' AND data = $1 AND pg_try_advisory_xact_lock(id)
              RETURNING name AS content`,
              [before, after],
            );
      if (written.length > 0) return true;
      if (before !== undefined && (await read(stack)) === before)
        throw stateInUse(stack, "a Terraform that holds PostgreSQL's advisory lock on it");
      return (await read(stack)) === after;
    },
    // They end with their connection.
    breakLock: () => Promise.resolve(undefined),
  };
}

/** As Terraform makes them, so that it finds its own. */
function tablesOf(schema: string): string[] {
  return [
    `CREATE SCHEMA IF NOT EXISTS "${schema}"`,
    'CREATE SEQUENCE IF NOT EXISTS public.global_states_id_seq AS bigint',
    `CREATE TABLE IF NOT EXISTS "${schema}".states (
      id bigint NOT NULL DEFAULT nextval('public.global_states_id_seq') PRIMARY KEY, name text UNIQUE, data text)`,
    `CREATE UNIQUE INDEX IF NOT EXISTS states_by_name ON "${schema}".states (name)`,
  ];
}
