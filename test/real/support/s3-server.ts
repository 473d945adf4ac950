import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { runCommand } from '../../../lab/openstack/command.ts';
import { findGo } from '../../../lab/openstack/go.ts';

/** A service that speaks S3 with conditional writes: versitygw over a temporary folder, on loopback with a random port. */
export interface S3Server {
  readonly endpoint: string;
  readonly bucket: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  stop(): Promise<void>;
}

const VERSION = 'v1.8.0';
export const credentials = { accessKeyId: 'tandem', secretAccessKey: 'canary-s3-41c7' };

/** Built once from the Go module registry, in about two minutes, and kept in the user's cache. */
async function program(): Promise<string> {
  const folder = join(
    process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'),
    'tandem-test',
    `versitygw-${VERSION}`,
  );
  const file = join(folder, 'versitygw');
  if (existsSync(file)) return file;
  mkdirSync(folder, { recursive: true });
  const work = join(folder, 'work');
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    GOBIN: work,
    GOMODCACHE: join(work, 'modules'),
    GOFLAGS: '-modcacherw',
  };
  const log = join(folder, 'build.log');
  const { signal } = new AbortController();
  const go = await findGo({ work, env, log, signal });
  await runCommand([go, 'install', `github.com/versity/versitygw/cmd/versitygw@${VERSION}`], { log, env, signal });
  renameSync(join(work, 'versitygw'), file);
  rmSync(work, { recursive: true, force: true });
  return file;
}

export async function startS3(): Promise<S3Server> {
  const binary = await program();
  const folder = mkdtempSync(join(tmpdir(), 'tandem-s3-'));
  const bucket = 'tandem-state';
  mkdirSync(join(folder, 'data', bucket), { recursive: true });
  mkdirSync(join(folder, 'sidecar'));
  const port = await freePort();
  const environment = {
    PATH: process.env['PATH'],
    ROOT_ACCESS_KEY: credentials.accessKeyId,
    ROOT_SECRET_KEY: credentials.secretAccessKey,
  };
  const args = ['--port', `127.0.0.1:${port}`, 'posix', '--sidecar', join(folder, 'sidecar'), join(folder, 'data')];
  const server = spawn(binary, args, { env: environment, stdio: 'ignore' });
  const over = once(server, 'exit');
  const endpoint = `http://127.0.0.1:${port}`;
  for (let left = 100; !(await answers(endpoint)); left -= 1) {
    if (left === 0 || server.exitCode !== null) throw new Error('the S3 service does not start');
    await sleep(100);
  }
  return {
    ...{ endpoint, bucket, credentials },
    async stop() {
      server.kill('SIGTERM');
      await over;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function answers(url: string): Promise<boolean> {
  try {
    await fetch(url);
    return true;
  } catch {
    return false;
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  return typeof address === 'object' && address !== null ? address.port : 0;
}
