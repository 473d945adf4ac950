import { describe, expect, it } from 'vitest';
import { type ChangeOutcome, playChange } from '../../../../lib/private-cloud/drill/change.ts';
import { type ClientRecord, gapsAbove } from '../../../../lib/private-cloud/drill/measure.ts';
import { worstGaps } from '../../../../lib/private-cloud/drill/predict.ts';
import { changeLines } from '../../../../lib/private-cloud/drill/report-parts.ts';
import { drillCloud } from './cloud.ts';
import { FakeDrillTarget, type Faults } from './fake-target.ts';

/** A change whose first step takes a service away for some seconds. */
async function changed(gapSeconds: number, faults: Faults = {}, wrong: readonly string[] = []): Promise<ChangeOutcome> {
  const target = new FakeDrillTarget({ ...faults, gapSeconds });
  return await playChange(target, {
    ...{ run: 'r', name: 'add control-d-1', predicted: worstGaps(drillCloud()), say: () => undefined },
    verify: async () => await Promise.resolve(wrong),
    steps: [
      { key: '01 restart', run: async () => await target.kill('control-a-1', 'mariadb') },
      { key: '02 wait', run: async () => await target.sleep(10) },
    ],
  });
}

describe('a change under load', () => {
  it('times each step, and asks the members at the end', async () => {
    const outcome = await changed(1);
    expect(outcome.steps.map(({ key }) => key)).toEqual(['01 restart', '02 wait']);
    expect(outcome.steps[1]?.seconds).toBeCloseTo(10, 0);
    expect(outcome.faults).toEqual([]);
    expect(outcome.requests.find(({ probe }) => probe === 'sql')).toMatchObject({ beyond: { gaps: 0, failed: 0 } });
  });

  it('counts what failed in a gap that is longer than predicted, which fails nothing', async () => {
    const outcome = await changed(9);
    const sql = outcome.requests.find(({ probe }) => probe === 'sql');
    expect(sql?.gap).toBeGreaterThan(8);
    expect(sql?.beyond.gaps).toBe(1);
    expect(sql?.beyond.failed).toBeGreaterThan(50);
    expect(outcome.faults).toEqual([]);
  });

  it('fails where an acknowledged write is lost, or a member says something else', async () => {
    const outcome = await changed(1, { loses: 2 }, ['control-d-1 has no broker that answers']);
    expect(outcome.faults).toEqual([
      'sql: 2 of 100 acknowledged writes are lost',
      'control-d-1 has no broker that answers',
    ]);
    expect(changeLines(outcome).filter((line) => line.startsWith('- **WRONG**'))).toHaveLength(2);
  });

  it('ends where a step fails', async () => {
    const target = new FakeDrillTarget();
    const run = async (): Promise<void> => await Promise.reject(new Error('no such host'));
    const options = { run: 'r', name: 'x', predicted: {}, verify: async () => await Promise.resolve([]) };
    await expect(playChange(target, { ...options, steps: [{ key: '01', run }], say: () => undefined })).rejects.toThrow(
      'no such host',
    );
  });
});

describe('gaps above a length', () => {
  const at = (end: number, ok = true): ClientRecord => ({ probe: 'sql', start: end, end, ok, detail: '' });

  it('lie between two successes, or before the end', () => {
    const records = [at(0), at(1), at(2, false), at(3, false), at(6), at(7), at(8, false)];
    expect(gapsAbove(records, 'sql', 0, 7, 4)).toEqual({ gaps: 1, failed: 2 });
    expect(gapsAbove(records, 'sql', 0, 7, 6)).toEqual({ gaps: 0, failed: 0 });
    expect(gapsAbove(records, 'sql', 0, 20, 4)).toEqual({ gaps: 2, failed: 3 });
  });

  it('count none of another request', () => {
    expect(gapsAbove([at(0), { ...at(9), probe: 'token' }], 'sql', 0, 9, 4)).toEqual({ gaps: 1, failed: 0 });
  });
});

it('predicts for any loss of one host at least what each loss makes', () => {
  const worst = worstGaps(drillCloud());
  expect(worst['sql']).toBeGreaterThan(3);
  expect(worst['stream']).toBe(worst['queue@control-a-1']);
});
