import { describe, expect, it } from 'vitest';
import type { DrillName } from '../../../../lib/ha/drill/drills.ts';
import { type Prediction, predict } from '../../../../lib/ha/drill/predict.ts';
import { SHIPPED_TIMERS } from '../../../../lib/ha/timers.ts';
import { drillCloud } from './cloud.ts';

const [a, b, c] = ['control-a-1', 'control-b-1', 'control-c-1'];
const of = (
  drill: DrillName,
  gone: readonly string[],
  timers = SHIPPED_TIMERS,
  ovnLeader = a,
): ReadonlyMap<string, Prediction> =>
  new Map(
    predict(drillCloud(), drill, { holder: a, writer: a, ovnLeader, gone }, timers).map((each) => [each.probe, each]),
  );

describe('predictions of a drill', () => {
  it('let everything survive the loss of one controller, with a gap', () => {
    const found = of('holder-off', [a]);
    expect([...found.values()].filter(({ outcome }) => outcome === 'down')).toEqual([]);
    expect(found.get('sql')).toMatchObject({ outcome: 'gap' });
    expect(found.get('token')?.gapSeconds).toBeGreaterThan(found.get('sql')?.gapSeconds ?? Number.NaN);
  });

  it('tell the queue whose leader is lost from the others', () => {
    const found = of('holder-off', [a]);
    expect(found.get(`queue@${a}`)?.gapSeconds).toBeGreaterThan(SHIPPED_TIMERS.netTick);
    expect(found.get(`queue@${b}`)?.gapSeconds).toBeLessThan(SHIPPED_TIMERS.netTick);
  });

  it('wait for Neutron to give up the leader of its database, and for no other member', () => {
    const [here, elsewhere] = [of('holder-off', [a]), of('holder-off', [a], SHIPPED_TIMERS, b)];
    expect(here.get('network')?.gapSeconds).toBeGreaterThan(SHIPPED_TIMERS.neutronProbe);
    const less = (here.get('network')?.gapSeconds ?? 0) - (elsewhere.get('network')?.gapSeconds ?? Number.NaN);
    expect(less).toBeGreaterThan(0);
    expect(elsewhere.get('token')).toEqual(here.get('token'));
  });

  it('follow the timers', () => {
    const slow = of('holder-off', [a], { ...SHIPPED_TIMERS, netTick: 60 });
    expect(slow.get(`queue@${a}`)?.gapSeconds).toBeGreaterThan(60);
  });

  it.each([['two-off', [a, b]] as const, ['all-off', [a, b, c]] as const])('have nothing left in %s', (drill, gone) => {
    expect([...of(drill, gone).values()].every(({ outcome }) => outcome === 'down')).toBe(true);
  });

  it('let a killed database be felt by what is stored in it, and by nothing else', () => {
    const found = of('writer-killed', [a]);
    const steady = [...found.values()].filter(({ outcome }) => outcome === 'steady').map(({ probe }) => probe);
    expect(steady).toEqual([`queue@${a}`, `queue@${b}`, `queue@${c}`]);
    expect(found.get('sql')?.outcome).toBe('gap');
  });

  it('let a return be felt by nobody', () => {
    expect([...of('host-returns', [b]).values()].every(({ outcome }) => outcome === 'steady')).toBe(true);
  });
});
