import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import manifest from '../../../packages/worker-agent/package.json' with { type: 'json' };
import versions from '../../../packages/worker-agent/versions.json' with { type: 'json' };
import { AGENT_SHA256, AGENT_VERSION } from '../../../stacks/aws/assets.ts';
import { bundleAgent } from './cluster.ts';

const folder = mkdtempSync(join(tmpdir(), 'tandem-version-'));
afterAll(() => rmSync(folder, { recursive: true }));

const known: Readonly<Record<string, string>> = versions;
const digest = (): string =>
  createHash('sha256')
    .update(readFileSync(bundleAgent(folder)))
    .digest('hex');

test('a version of the agent never changes its content: what changed has a new version, and its digest in versions.json', () => {
  expect({ [manifest.version]: known[manifest.version] }).toEqual({ [manifest.version]: digest() });
});

test('no two versions have the same content', () => {
  const digests = Object.values(known);
  expect(new Set(digests).size).toBe(digests.length);
});

test('stacks publish the version that is bundled: under its key, nothing else is published', () => {
  expect({ [AGENT_VERSION]: AGENT_SHA256 }).toEqual({ [manifest.version]: known[manifest.version] });
});
