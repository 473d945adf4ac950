import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { kollaMarks } from '../../../../lib/engines/kolla/lineage.ts';
import { digestOf, type SynthesizedStack } from '../../../../lib/stack/synthesized.ts';
import { marksContract } from '../lineage.contract.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});
const signal = new AbortController().signal;
const stack: SynthesizedStack = {
  ...{ id: 'kolla/paris', engine: 'kolla', dependsOn: [], unresolvedInputs: [], files: [], target: {} },
  ...{ text: '{}', digest: digestOf('{}'), citations: {} },
};
const host = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'tandem-kolla-marks-'));
  folders.push(folder);
  mkdirSync(join(folder, 'paris'));
  return folder;
};

describe('marks on a deployment host', () => {
  marksContract(async () => {
    const folder = host();
    return { engine: kollaMarks(() => join(folder, 'paris')), stack, make: async () => undefined };
  });

  test('a mark that nobody can read is somebody’s', async () => {
    const folder = host();
    writeFileSync(join(folder, 'paris/tandem-lineage.json'), '{"trunc');
    const mark = await kollaMarks(() => join(folder, 'paris')).lineageOf(stack, signal);
    expect(mark).toMatchObject({ lineage: undefined, where: join(folder, 'paris/tandem-lineage.json') });
  });

  test('without a folder for secrets there is no place for marks', async () => {
    const marks = kollaMarks(() => '/nowhere/at/all');
    expect(await marks.lineageOf(stack, signal)).toBeUndefined();
    const own = { lineage: 'a', by: 'b', at: 'c', place: 'd' };
    expect(await marks.mark(stack, own, { signal })).toBeUndefined();
  });
});
