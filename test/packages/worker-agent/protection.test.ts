import { describe, expect, test } from 'vitest';
import { ProtectionKeeper, setProtection, wanted } from '../../../packages/worker-agent/src/protection.ts';
import { FakeClock, FakeGroup, FakeTable } from './fakes.ts';
import { generator } from './random.ts';

const thresholds = { afterSeconds: 30, idleSeconds: 60 };

describe('protection is wanted', () => {
  test.each([
    ['a job that is young', { busySince: 10_000, idleSince: 0 }, undefined],
    ['a job of some length', { busySince: 0, idleSince: 0 }, 'protect'],
    ['a moment between jobs', { busySince: undefined, idleSince: 25_000 }, undefined],
  ] as const)('by %s: %j gives %s', (_, work, want) => expect(wanted(work, 30_000, thresholds)).toBe(want));

  test('no more after a while without a job', () =>
    expect(wanted({ busySince: undefined, idleSince: 0 }, 60_000, thresholds)).toBe('release'));
});

describe('a call that is refused', () => {
  test('is halved until those to blame are found; all others are protected', async () => {
    const group = new FakeGroup();
    const ids = Array.from({ length: 120 }, (_, index) => `i-${index}`);
    for (const id of ids) if (id !== 'i-7' && id !== 'i-99') group.inService.add(id);
    expect(await setProtection(group, ids, 'protect')).toEqual(['i-7', 'i-99']);
    expect(group.protectedOnes.size).toBe(118);
    expect(group.calls).toBeLessThan(40);
  });
});

/** A fleet whose agents all begin a long job within two minutes, and end it ten minutes later. */
async function fleet(size: number): Promise<{ calls: number; most: number; protectedAtWork: number; left: number }> {
  const [clock, group, random] = [new FakeClock(), new FakeGroup(), generator(6)];
  const table = new FakeTable(clock);
  const start = clock.now();
  const stop = new AbortController();
  const agents = Array.from({ length: size }, (_, index) => {
    const instanceId = `i-${index}`;
    group.inService.add(instanceId);
    const keeper = new ProtectionKeeper({
      ...{ ports: { clock, random, table, group }, log: () => undefined, instanceId, thresholds, collectSeconds: 5 },
    });
    return { keeper, begins: start + random() * 120_000 };
  });
  let [most, before, protectedAtWork] = [0, 0, 0];
  for (let second = 0; second < 1200; second += 5) {
    const now = clock.now();
    for (const { keeper, begins } of agents) {
      const busy = now >= begins && now < begins + 600_000;
      const idleSince = now < begins ? start : begins + 600_000;
      void keeper.look({ busySince: busy ? begins : undefined, idleSince }, stop.signal);
    }
    await clock.advance(5000);
    most = Math.max(most, group.calls - before);
    before = group.calls;
    if (second === 400) protectedAtWork = group.protectedOnes.size;
  }
  return { calls: group.calls, most, protectedAtWork, left: group.protectedOnes.size };
}

describe('500 agents', () => {
  test('are all protected at work, all released after it, by few calls', async () => {
    const { calls, most, protectedAtWork, left } = await fleet(500);
    expect({ protectedAtWork, left }).toEqual({ protectedAtWork: 500, left: 0 });
    // One call an agent and change would be 1,500, all agents' repeats included 3,000.
    expect(calls).toBeLessThan(200);
    // Ten calls change the whole fleet once.
    expect(most).toBeLessThanOrEqual(11);
  });
});
