import { hash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { artefactFile, requireArtefact } from '../../../lib/programs/artefact.ts';

const artefact = { path: 'consul/consul_1.zip', sha256: hash('sha256', 'Consul') };
let server: Server;
let mirror: string;
let asked: (string | undefined)[] = [];
let content = 'Consul';
let root: string;

beforeAll(async () => {
  server = createServer(({ url }, answer) => {
    asked.push(url);
    answer.end(content);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  mirror = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
});
afterAll(() => void server.close());
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'tandem-artefact-'));
  [asked, content] = [[], 'Consul'];
  return () => {
    rmSync(root, { recursive: true });
  };
});

test('is fetched once, and kept by its checksum', async () => {
  const file = await requireArtefact(root, artefact, mirror);
  expect(readFileSync(file, 'utf8')).toBe('Consul');
  expect(file).toBe(artefactFile(root, artefact));
  expect(file.endsWith(`.tandem/artefacts/${artefact.sha256}.zip`)).toBe(true);
  expect(await requireArtefact(root, artefact, mirror)).toBe(file);
  expect(asked).toEqual(['/consul/consul_1.zip']);
});

test('fails where the mirror gives something else, and keeps nothing of it', async () => {
  content = 'other';
  await expect(requireArtefact(root, artefact, mirror)).rejects.toMatchObject({ code: 'artefact-differs' });
  content = 'Consul';
  expect(readFileSync(await requireArtefact(root, artefact, mirror), 'utf8')).toBe('Consul');
});

test('fails where something else was put there by hand', async () => {
  writeFileSync(await requireArtefact(root, artefact, mirror), 'other');
  await expect(requireArtefact(root, artefact, mirror)).rejects.toMatchObject({ code: 'artefact-differs' });
});

test('fails without a network, and says which file belongs where', async () => {
  const gone = requireArtefact(root, artefact, 'http://127.0.0.1:1');
  await expect(gone).rejects.toMatchObject({
    ...{ code: 'artefact-not-fetched', details: { url: 'http://127.0.0.1:1/consul/consul_1.zip' } },
    message: expect.stringContaining('could not be fetched: ') as string,
  });
});
