import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** A PostgreSQL server of its own in a temporary folder, on loopback, with a random port and a password. */
export interface Postgres {
  /** Connection string. */
  readonly url: string;
  /** Ends the server at once, as a crash would; `start` goes on with its data. */
  crash(): Promise<void>;
  start(): Promise<void>;
  stop(): Promise<void>;
}

export const PASSWORD = 'canary-pg-93f1';

/** Where Debian's package puts the programs; the newest. */
function postgresPrograms(): string {
  const root = '/usr/lib/postgresql';
  const versions = existsSync(root) ? readdirSync(root).sort((a, b) => Number(b) - Number(a)) : [];
  const found = versions.map((each) => join(root, each, 'bin')).find((each) => existsSync(join(each, 'initdb')));
  if (found === undefined) throw new Error('no PostgreSQL here: apt-get install postgresql');
  return found;
}

export async function startPostgres(): Promise<Postgres> {
  const programs = postgresPrograms();
  const folder = mkdtempSync(join(tmpdir(), 'tandem-pg-'));
  // The server refuses to run as root.
  const user = process.getuid?.() === 0 ? { uid: idOf('-u'), gid: idOf('-g') } : { uid: undefined, gid: undefined };
  if (user.uid !== undefined) chownSync(folder, user.uid, user.gid);
  chmodSync(folder, 0o700);
  const port = await freePort();
  const data = join(folder, 'data');
  const environment = { PATH: process.env['PATH'], LC_ALL: 'C' };
  const options = { ...(user.uid === undefined ? {} : user), cwd: folder, env: environment } as const;
  const initialized = spawnSync(
    'sh',
    ['-c', `printf %s "$PW" > pw && ${programs}/initdb -D ${data} -U tandem -A scram-sha-256 --pwfile=pw -N && rm pw`],
    {
      ...options,
      env: { ...environment, PW: PASSWORD },
      encoding: 'utf8',
    },
  );
  if (initialized.status !== 0) throw new Error(`initdb: ${initialized.stderr}`);
  const settings = [
    '-c',
    'listen_addresses=127.0.0.1',
    '-c',
    `port=${port}`,
    '-c',
    `unix_socket_directories=${folder}`,
  ];
  const run = async () => {
    const server = spawn(join(programs, 'postgres'), ['-D', data, ...settings, '-F'], { ...options, stdio: 'ignore' });
    const over = once(server, 'exit');
    const isReady = () =>
      spawnSync(join(programs, 'pg_isready'), ['-h', '127.0.0.1', '-p', String(port)], { env: environment }).status ===
      0;
    for (let left = 100; !isReady(); left -= 1) {
      if (left === 0 || server.exitCode !== null) throw new Error('PostgreSQL does not start');
      await sleep(100);
    }
    return async (signal: NodeJS.Signals) => {
      server.kill(signal);
      await over;
    };
  };
  let end = await run();
  return {
    url: `postgres://tandem:${PASSWORD}@127.0.0.1:${port}/postgres?sslmode=disable`,
    crash: () => end('SIGQUIT'),
    start: async () => void (end = await run()),
    async stop() {
      await end('SIGINT');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function idOf(flag: '-u' | '-g'): number {
  return Number(spawnSync('id', [flag, 'postgres'], { encoding: 'utf8' }).stdout.trim() || 65534);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  return typeof address === 'object' && address !== null ? address.port : 0;
}
