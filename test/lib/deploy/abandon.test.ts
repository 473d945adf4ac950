import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { abandonStack } from '../../../lib/deploy/abandon.ts';
import { StackId } from '../../../lib/stack/id.ts';
import { localRecords } from '../../../lib/state/local-records.ts';
import { memoryStates } from '../state/memory-states.ts';

const root = mkdtempSync(join(tmpdir(), 'tandem-abandon-'));
afterAll(() => rmSync(root, { recursive: true }));

it('forgets what the state holds, as a later version of the same state, and the record', async () => {
  const stack = StackId.lease('lab', 'alice');
  const ports = { records: localRecords(root), states: memoryStates() };
  const state = {
    version: 4,
    lineage: 'l',
    serial: 7,
    outputs: { a: {} },
    resources: [{ type: 'x' }],
    check_results: null,
  };
  await ports.states.write(stack, JSON.stringify(state));
  await abandonStack(ports, stack);
  const left = { ...state, serial: 8, outputs: {}, resources: [] };
  expect(JSON.parse((await ports.states.read(stack)) ?? '')).toEqual(left);
  expect(await ports.records.read(stack)).toBeUndefined();
  await abandonStack(ports, stack);
  expect(JSON.parse((await ports.states.read(stack)) ?? '')).toEqual(left);
});
