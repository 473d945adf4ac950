import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import type { LabLayout } from './layout.ts';
import { DATABASES, databaseUrl, type LabSecrets, transportUrl } from './render.ts';
import type { Sandbox } from './sandbox.ts';
import { type LabProcess, MIGRATIONS, NOVA_MIGRATIONS } from './services.ts';

/** Schemas of all services. The first `up` migrates and keeps them, empty, beside the packages; later ones load them. */
export async function makeDatabases(
  sandbox: Sandbox,
  layout: LabLayout,
  secrets: LabSecrets,
  signal: AbortSignal,
): Promise<string> {
  const sql = async (text: string): Promise<void> => {
    await sandbox.run('databases', { user: 'root', argv: ['mariadb'] }, { input: text, signal });
  };
  await sql(createSql(secrets));
  if (existsSync(layout.schemas)) {
    await sql(await readFile(layout.schemas, 'utf8'));
    await sql(cellsSql(secrets));
    return 'schemas loaded';
  }
  const migrate = async (process: LabProcess): Promise<void> => {
    await sandbox.run(process.name, process, { signal });
  };
  const lanes = MIGRATIONS.map(async (lane) => {
    for (const process of lane) await migrate(process);
  });
  const nova = async (): Promise<void> => {
    await migrate(NOVA_MIGRATIONS[0]);
    await sql(cellsSql(secrets));
    await migrate(NOVA_MIGRATIONS[1]);
  };
  await Promise.all([...lanes, nova()]);
  await sql('DELETE FROM nova_api.cell_mappings;');
  const dump = await sandbox.read({
    user: 'root',
    argv: ['mariadb-dump', '--skip-comments', '--skip-lock-tables', '--databases', ...DATABASES],
  });
  await mkdir(layout.cache, { recursive: true });
  await writeFile(`${layout.schemas}.partial`, dump, { mode: 0o600 });
  await rename(`${layout.schemas}.partial`, layout.schemas);
  await sql(cellsSql(secrets));
  return 'schemas migrated';
}

export function createSql(secrets: LabSecrets): string {
  const create = DATABASES.map((name) => `CREATE DATABASE IF NOT EXISTS ${name} CHARACTER SET utf8mb3;`);
  return [
    ...create,
    `CREATE OR REPLACE USER lab@localhost IDENTIFIED BY '${secrets.database}';`,
    'GRANT ALL ON *.* TO lab@localhost;',
  ].join('\n');
}

/** Nova's two cells, as `nova-manage cell_v2` writes them, without its four seconds each. */
export function cellsSql(secrets: LabSecrets): string {
  const row = (uuid: string, name: string, transport: string, database: string): string =>
    'INSERT INTO nova_api.cell_mappings (created_at, uuid, name, transport_url, database_connection, disabled) ' +
    `VALUES (NOW(), '${uuid}', '${name}', '${transport}', '${databaseUrl(database, secrets)}', 0);`;
  return [
    'DELETE FROM nova_api.cell_mappings;',
    row('00000000-0000-0000-0000-000000000000', 'cell0', 'none:///', 'nova_cell0'),
    row('6b2d1c4e-9d0f-4c7a-8f51-3f6a7c0e1b2d', 'cell1', transportUrl(secrets), 'nova'),
  ].join('\n');
}
