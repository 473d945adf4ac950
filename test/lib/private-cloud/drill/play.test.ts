import { describe, expect, it } from 'vitest';
import { DRILL_NAMES, DRILLS, type DrillName } from '../../../../lib/private-cloud/drill/drills.ts';
import { compare, faultsOf, figuresOf } from '../../../../lib/private-cloud/drill/judge.ts';
import { type Outcome, play } from '../../../../lib/private-cloud/drill/play.ts';
import { predict } from '../../../../lib/private-cloud/drill/predict.ts';
import { reportMarkdown, reportOf } from '../../../../lib/private-cloud/drill/report.ts';
import { drillCloud } from './cloud.ts';
import { FakeDrillTarget, type Faults } from './fake-target.ts';

async function drilled(
  name: DrillName,
  faults: Faults = {},
): Promise<{ outcome: Outcome; target: FakeDrillTarget; frozenAt: number }> {
  const target = new FakeDrillTarget(faults);
  let frozenAt = -1;
  const outcome = await play(target, DRILLS[name], {
    run: 'r',
    say: () => undefined,
    freeze: async (drill, stage) => {
      frozenAt = target.calls.filter((call) => /^(off|cut|kill)/.test(call)).length;
      return await Promise.resolve({ predictions: predict(drillCloud(), drill, stage), digest: 'sha256:0' });
    },
  });
  return { outcome, target, frozenAt };
}

describe('a drill', () => {
  it.each(DRILL_NAMES)('%s freezes its predictions first, and gives back all that it took', async (name) => {
    const { outcome, target, frozenAt } = await drilled(name);
    expect(frozenAt).toBe(0);
    expect(faultsOf(outcome)).toEqual([]);
    expect(await target.fault()).toBeUndefined();
    expect(outcome.outages.map(({ probe }) => probe)).toEqual(outcome.predictions.map(({ probe }) => probe));
  });

  it('takes the holder of the VIP only when it is the writer too', async () => {
    const { outcome, target } = await drilled('holder-off');
    expect(outcome.stage.writer).toBe(outcome.stage.holder);
    expect(target.calls.slice(0, 2)).toEqual(['write on control-a-1', 'off control-a-1']);
  });

  it('asks whoever has no majority, while it has none', async () => {
    expect((await drilled('two-off')).target.calls).toEqual([
      'off control-a-1 control-b-1',
      'try control-c-1',
      'on control-a-1 control-b-1',
    ]);
    expect((await drilled('cut-off')).target.calls).toEqual(['cut control-a-1', 'try control-a-1', 'heal control-a-1']);
  });
});

describe('what decides a drill', () => {
  it('fails where an acknowledged write is lost', async () => {
    expect(faultsOf((await drilled('holder-off', { loses: 2 })).outcome)).toEqual([
      'sql: 2 of 100 acknowledged writes are lost',
    ]);
  });

  it.each<DrillName>(['holder-off', 'two-off', 'all-off'])(
    'fails where a stream loses what was acknowledged: %s',
    async (name) => {
      const readBack = { stream: { acknowledged: 100, readBack: 98, lost: 2 } };
      expect(faultsOf({ ...(await drilled(name)).outcome, readBack })).toEqual([
        'stream: 2 of 100 acknowledged writes are lost',
      ]);
    },
  );

  it('fails where a minority accepts anything', async () => {
    const faults = faultsOf((await drilled('two-off', { acceptsAnything: true })).outcome);
    expect(faults).toContain('without a majority: control-c-1 accepted sql');
    expect(faults).toContain('1 rows were written by a minority');
    expect(faults.some((fault) => /^sql: predicted to be down/.test(fault))).toBe(true);
  });

  it('fails where what should survive is down', async () => {
    const { outcome } = await drilled('holder-off');
    const outages = outcome.outages.map((each) => (each.probe === 'token' ? { ...each, back: undefined } : each));
    expect(faultsOf({ ...outcome, outages })).toEqual(['token: predicted to recover by itself, and did not']);
  });

  it('never fails for a time: that is a figure', async () => {
    const { outcome } = await drilled('holder-off', { gapSeconds: 30 });
    expect(faultsOf(outcome)).toEqual([]);
    expect(figuresOf(outcome).map(({ holds }) => holds)).toEqual([false, false, false, false, false]);
    expect(compare(outcome).find(({ probe }) => probe === 'sql')?.withinTolerance).toBe(false);
  });
});

describe('a prediction', () => {
  it('of a steady service is compared with what is usual', async () => {
    const { outcome } = await drilled('host-returns');
    const close = (usualGap: number): boolean | undefined => {
      const outages = outcome.outages.map((each) => (each.probe === 'ovn' ? { ...each, gap: 3, usualGap } : each));
      return compare({ ...outcome, outages }).find(({ probe }) => probe === 'ovn')?.withinTolerance;
    };
    expect([close(2), close(0.5)]).toEqual([true, false]);
  });
});

describe('the report', () => {
  it('puts predictions and measurements side by side, and says what it is no evidence for', async () => {
    const { outcome } = await drilled('holder-off');
    const adaptations = { version: 'v/1', entries: [{ id: 'x', file: 'f', reason: 'old', notEvidence: 'ProxySQL' }] };
    const report = reportOf(
      { run: 'r', at: '2026-01-01', seconds: 1, timers: {}, adaptations },
      {
        ...{ outcomes: [outcome], darkStarts: [], restores: [], changes: [] },
      },
    );
    const text = reportMarkdown(report);
    expect(report.format).toBe('tandem.drill/2');
    expect(text).toMatch(/\| sql \| \d+\.\d s \(\d+\.\d\) \| 1\.\d s \|/);
    expect(text).toContain('- ProxySQL (old)');
  });
});
