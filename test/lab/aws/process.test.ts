import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { labAwsDown, labAwsStatus, labAwsUp } from '../../../lab/aws/index.ts';

let directory: string;
beforeEach(async () => (directory = await mkdtemp(join(tmpdir(), 'lab-aws-'))));
afterEach(async () => {
  await labAwsDown({ directory });
  await rm(directory, { recursive: true, force: true });
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  await new Promise((closed) => server.close(closed));
  return port;
}

it('starts a process of its own once, tells of it, and ends it', async () => {
  const port = await freePort();
  expect(await labAwsStatus({ directory })).toEqual({ state: 'stopped' });
  const lab = await labAwsUp({ directory, port });
  expect(lab).toMatchObject({ url: `http://127.0.0.1:${port}`, started: true });
  expect(await labAwsUp({ directory, port })).toEqual({ ...lab, started: false });
  expect(await labAwsStatus({ directory })).toMatchObject({ state: 'running', pid: lab.pid });
  expect(await labAwsDown({ directory })).toBe(true);
  expect(await labAwsDown({ directory })).toBe(false);
  await expect(fetch(`${lab.url}/_lab/health`)).rejects.toThrow();
});

it('fails where another endpoint has the port', async () => {
  const port = await freePort();
  await labAwsUp({ directory, port });
  const other = await mkdtemp(join(tmpdir(), 'lab-aws-'));
  await expect(labAwsUp({ directory: other, port })).rejects.toMatchObject({ code: 'lab-port-taken' });
  await rm(other, { recursive: true });
});
