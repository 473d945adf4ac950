import { describe, expect, it } from 'vitest';
import type { DrillName } from '../../../../lib/private-cloud/drill/drills.ts';
import { type Prediction, predict } from '../../../../lib/private-cloud/drill/predict.ts';
import { SHIPPED_TIMERS } from '../../../../lib/private-cloud/topology/timers.ts';
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

  it('tell a publisher whose own broker is lost, and who waits for its time-out', () => {
    const found = of('holder-off', [a]);
    expect(found.get(`queue@${c}`)).toMatchObject({ outcome: 'gap' });
    expect(found.get(`queue@${c}`)?.gapSeconds).toBeLessThan(SHIPPED_TIMERS.netTick);
    expect(found.get(`queue@${b}`)?.outcome).toBe('steady');
  });

  it('let who writes to OVN wait for an election where its leader is lost, and for no other member', () => {
    const [here, elsewhere] = [of('holder-off', [a]), of('holder-off', [a], SHIPPED_TIMERS, b)];
    expect(here.get('ovn')?.gapSeconds).toBeGreaterThan(elsewhere.get('ovn')?.gapSeconds ?? Number.NaN);
    expect(elsewhere.get('network')).toEqual(here.get('network'));
  });

  it('follow the timers', () => {
    const slow = of('holder-off', [a], { ...SHIPPED_TIMERS, netTick: 60 });
    expect(slow.get(`queue@${a}`)?.gapSeconds).toBeGreaterThan(60);
  });

  it.each([['two-off', [a, b]] as const, ['all-off', [a, b, c]] as const])('have nothing left in %s', (drill, gone) => {
    expect([...of(drill, gone).values()].every(({ outcome }) => outcome === 'down')).toBe(true);
  });

  it('give the outage of a killed database to what is stored in it, and to nothing else', () => {
    const found = of('writer-killed', [a]);
    const steady = [...found.values()].filter(({ outcome }) => outcome === 'steady').map(({ probe }) => probe);
    expect(steady).toEqual(['ovn', `queue@${a}`, `queue@${b}`, `queue@${c}`, 'stream']);
    expect(found.get('sql')?.outcome).toBe('gap');
  });

  it('let a return cause no outage', () => {
    expect([...of('host-returns', [b]).values()].every(({ outcome }) => outcome === 'steady')).toBe(true);
  });
});
