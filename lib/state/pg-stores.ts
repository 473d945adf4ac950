import { join } from 'node:path';
import { writeFileAtomic } from '../fs/files.ts';
import type { StoreOptions } from './broken.ts';
import type { Cells, Fence } from './cells.ts';
import { type JournalPlace, journalIn } from './journal-in.ts';
import { pgLineage } from './lineage.ts';
import { locksIn } from './locks.ts';
import { type PgProps, pgConnection, type Query } from './pg-connection.ts';
import { pgVersions } from './raw-versions.ts';
import { recordsIn } from './records.ts';
import { pgStates } from './states-pg.ts';

/** Records, journal and locks in PostgreSQL, beside Terraform's own states. */
export function pgStores(props: PgProps, options: StoreOptions = {}) {
  const { query, place, close } = pgConnection(props);
  return {
    records: recordsIn(rowsOf(query, place, 'record'), options),
    journal: journalIn(entriesOf(query, place), options),
    locks: locksIn(rowsOf(query, place, 'lock'), options),
    ledgers: rowsOf(query, place, 'ledger'),
    lineage: pgLineage(query, place),
    rawStates: pgStates(query, props.schema),
    rawVersions: pgVersions(query),
    close,
  };
}

/** Whether every lock holds, to the letter, what two arrays of parameters say: part of the statement that writes. */
const held = (stacks: number, contents: number): string => `NOT EXISTS (
  SELECT FROM unnest($${stacks}::text[], $${contents}::text[]) AS fence (stack, content)
  WHERE NOT EXISTS (SELECT FROM $schema.lock WHERE lock.stack = fence.stack AND lock.content = fence.content))`;

function valuesOf(fences: readonly Fence[]): string[][] {
  return [fences.map((fence) => fence.stack), fences.map((fence) => fence.content)];
}

function rowsOf(query: Query, place: string, table: 'record' | 'lock' | 'ledger'): Cells {
  const get = async (key: string): Promise<string | undefined> =>
    (await query(`SELECT content FROM $schema.${table} WHERE stack = $1`, [key]))[0];
  return {
    where: (key) => `row ${key} of table ${table} in ${place}`,
    keys: () => query(`SELECT stack AS content FROM $schema.${table} ORDER BY stack COLLATE "C"`),
    async get(key) {
      const text = await get(key);
      return text === undefined ? undefined : { text, version: text };
    },
    async put(key, text, condition, fences = []) {
      const values = [key, text, ...valuesOf(fences)];
      const insert = `INSERT INTO $schema.${table} (stack, content) SELECT $1, $2 WHERE ${held(3, 4)} ON CONFLICT`;
      const rows =
        condition === undefined
          ? await query(`${insert} (stack) DO UPDATE SET content = excluded.content RETURNING content`, values)
          : 'onlyNew' in condition
            ? await query(`${insert} DO NOTHING RETURNING content`, values)
            : await query(
                `UPDATE $schema.${table} SET content = $2 WHERE stack = $1 AND content = $5 AND ${held(3, 4)} RETURNING content`,
                [...values, condition.instead],
              );
      // Where a condition fails, the answer to an earlier attempt at this very write may have been lost.
      return rows.length > 0 || (condition !== undefined && (await get(key)) === text);
    },
    async remove(key, fences = []) {
      const gone = await query(`DELETE FROM $schema.${table} WHERE stack = $1 AND ${held(2, 3)} RETURNING content`, [
        key,
        ...valuesOf(fences),
      ]);
      return gone.length > 0 || (await get(key)) === undefined;
    },
    async setAside(key, to) {
      const copy = join(to, table, `${key}.json`);
      writeFileAtomic(copy, (await get(key)) ?? '');
      await query(`DELETE FROM $schema.${table} WHERE stack = $1`, [key]);
      return copy;
    },
  };
}

function entriesOf(query: Query, place: string): JournalPlace {
  const select = async (column: string, operation: string): Promise<string[]> =>
    query(`SELECT ${column} AS content FROM $schema.journal WHERE operation = $1 ORDER BY sequence`, [operation]);
  return {
    where: (operation) => `operation ${operation} of table journal in ${place}`,
    async append(operation, kind, text, fences) {
      const values = [operation, kind, text, ...valuesOf(fences)];
      const isThere = 'SELECT content FROM $schema.journal WHERE operation = $1 AND content = $2';
      const written = await query(
        `INSERT INTO $schema.journal (operation, entry, content) SELECT $1, $2, $3
          WHERE ${held(4, 5)} AND NOT EXISTS (SELECT FROM $schema.journal WHERE operation = $1 AND content = $3)
          RETURNING content`,
        values,
      );
      return written.length > 0 || (await query(isThere, [operation, text])).length > 0;
    },
    async lines(operation) {
      const [rows, texts] = [await select('sequence::text', operation), await select('content', operation)];
      return texts.map((text, index) => ({ at: `row ${rows[index] ?? ''}`, text }));
    },
    unfinished: () =>
      query(`SELECT operation AS content FROM $schema.journal
        GROUP BY operation HAVING bool_and(entry <> 'end') ORDER BY min(sequence)`),
    ended: (limit) =>
      query(
        `SELECT operation AS content FROM $schema.journal WHERE entry = 'end'
          GROUP BY operation ORDER BY max(sequence) DESC LIMIT $1`,
        [limit],
      ),
    finish: async () => undefined,
    async drop(operation, lines, to) {
      const copy = join(to, 'journal', `${operation}.jsonl`);
      writeFileAtomic(copy, (await select('content', operation)).map((text) => `${text}\n`).join(''));
      const rows = lines.map((at) => at.replace('row ', ''));
      await query('DELETE FROM $schema.journal WHERE operation = $1 AND sequence = ANY ($2::bigint[])', [
        operation,
        rows,
      ]);
      return copy;
    },
  };
}
