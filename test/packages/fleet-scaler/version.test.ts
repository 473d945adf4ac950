import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { afterAll, beforeAll, expect, test } from 'vitest';
import manifest from '../../../packages/fleet-scaler/package.json' with { type: 'json' };
import versions from '../../../packages/fleet-scaler/versions.json' with { type: 'json' };
import { SCALER_BUNDLE, SCALER_VERSION } from '../../../stacks/aws/assets.ts';

const folder = mkdtempSync(join(tmpdir(), 'tandem-scaler-'));
const known: Readonly<Record<string, string>> = versions;
const root = join(import.meta.dirname, '../../..');

beforeAll(() => {
  // In another time zone: an archive holds local times.
  const env = { ...process.env, TZ: 'Asia/Tokyo' };
  execFileSync(process.execPath, [join(root, 'packages/fleet-scaler/scripts/build.mts'), folder], { env });
});
afterAll(() => rmSync(folder, { recursive: true }));

const archive = (): Buffer => readFileSync(join(folder, 'fleet-scaler.zip'));

test('a version of the scaler never changes its content: what changed has a new version, and its digest in versions.json', () => {
  const digest = createHash('sha256').update(archive()).digest('hex');
  expect({ [manifest.version]: known[manifest.version] }).toEqual({ [manifest.version]: digest });
  expect(SCALER_VERSION).toBe(manifest.version);
});

test('no two versions have the same content', () => {
  const digests = Object.values(known);
  expect(new Set(digests).size).toBe(digests.length);
});

test('what is deployed is, byte for byte, what the simulator runs', () => {
  const files = unzipSync(archive());
  expect(Object.keys(files)).toEqual(['fleet-scaler.mjs']);
  expect(Buffer.from(files['fleet-scaler.mjs'] ?? []).equals(readFileSync(SCALER_BUNDLE))).toBe(true);
});
