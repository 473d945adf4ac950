import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { endStack } from '../../../lib/deploy/abandon.ts';
import type { BootSecretsPort } from '../../../lib/deploy/boot-secrets/open.ts';
import { StackId } from '../../../lib/stack/id.ts';
import { localRecords } from '../../../lib/state/local-records.ts';
import { memoryStates } from '../state/memory-states.ts';

const root = mkdtempSync(join(tmpdir(), 'tandem-abandon-'));
afterAll(() => rmSync(root, { recursive: true }));

it('forgets what the state holds, as a later version of the same state, the record, and secrets of its servers', async () => {
  const stack = StackId.lease('lab', 'alice');
  const forgotten: string[] = [];
  const bootSecrets: BootSecretsPort = {
    provide: () => Promise.reject(new Error('nobody is left to be given secrets')),
    forget: ({ id, text }) => Promise.resolve(void forgotten.push(`${id} ${text}`)),
  };
  const ports = { records: localRecords(root), states: memoryStates(), bootSecrets };
  const state = {
    version: 4,
    lineage: 'l',
    serial: 7,
    outputs: { a: {} },
    resources: [{ type: 'x' }],
    check_results: null,
  };
  await ports.states.write(stack, JSON.stringify(state));
  await ports.records.write({
    ...{ format: 'tandem.record/1', stack, engine: 'terraform', digest: 'sha256:x', artefact: '{"needs":"secrets"}' },
    ...{ commit: '', files: [], at: '2026-11-29T00:00:00.000Z', by: 'ann@desk' },
  });
  const { signal } = new AbortController();
  await endStack(ports, stack, signal);
  const left = { ...state, serial: 8, outputs: {}, resources: [] };
  expect(JSON.parse((await ports.states.read(stack)) ?? '')).toEqual(left);
  expect(await ports.records.read(stack)).toBeUndefined();
  await endStack(ports, stack, signal);
  expect(forgotten).toEqual([`${stack} {"needs":"secrets"}`]);
  expect(JSON.parse((await ports.states.read(stack)) ?? '')).toEqual(left);
});
