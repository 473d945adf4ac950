import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { VirtualClock } from '../../../lab/aws/clock.ts';
import { type Rig, rig } from './rig.ts';

/** SPEC.md, "Time". */
describe('virtual time', () => {
  let lab: Rig;
  beforeEach(async () => (lab = await rig({ clock: new VirtualClock({ rate: 0, start: Date.UTC(2026, 0, 1) }) })));
  afterEach(() => lab.endpoint.close());

  const time = async (body?: object) => {
    const asked = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
    const answer = await fetch(`${lab.endpoint.url}/_lab/time`, asked);
    return answer.ok ? ((await answer.json()) as { now: string; rate: number }) : answer.status;
  };

  it('stands still, and moves by seconds or up to an instant', async () => {
    expect(await time()).toEqual({ now: '2026-01-01T00:00:00.000Z', rate: 0 });
    expect(await time({ advance: 90 })).toMatchObject({ now: '2026-01-01T00:01:30.000Z' });
    expect(await time({ until: '2026-01-02T00:00:00Z' })).toMatchObject({ now: '2026-01-02T00:00:00.000Z' });
    expect(await time({ until: '2026-01-01T00:00:00Z' })).toMatchObject({ now: '2026-01-02T00:00:00.000Z' });
  });

  it('runs at the rate that it is told', async () => {
    await time({ rate: 3600 });
    const wokenAt = lab.endpoint.state.clock.sleep(36_000).then(() => lab.endpoint.state.clock.now());
    expect(await wokenAt).toBeGreaterThanOrEqual(Date.UTC(2026, 0, 1, 0, 0, 36));
    expect((await time({ rate: 0 })) as object).toMatchObject({ rate: 0 });
  });

  it('fails on a time that is none', async () => {
    expect(await time({ advance: -1 })).toBe(400);
    expect(await time({ until: 'tomorrow' })).toBe(400);
  });

  it('wakes sleepers at their own moments, in order', async () => {
    const { clock } = lab.endpoint.state;
    const woken: [string, number][] = [];
    const start = clock.now();
    const sleep = async (name: string, seconds: number) => {
      await clock.sleep(seconds * 1000);
      woken.push([name, (clock.now() - start) / 1000]);
    };
    void sleep('late', 60);
    void sleep('early', 20).then(() => sleep('after', 10));
    await clock.advance(100_000);
    expect(woken).toEqual([
      ['early', 20],
      ['after', 30],
      ['late', 60],
    ]);
  });
});
