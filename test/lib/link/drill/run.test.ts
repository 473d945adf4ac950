import { describe, expect, it } from 'vitest';
import { LINK_CASE_NAMES } from '../../../../lib/link/drill/case-names.ts';
import { LINK_CASES, newKey } from '../../../../lib/link/drill/cases.ts';
import type { LinkBench, Sent, Traffic } from '../../../../lib/link/drill/ports.ts';
import { casesOf, interruption, runLinkDrill } from '../../../../lib/link/drill/run.ts';

const timers = { keepaliveSeconds: 10, holdSeconds: 30, probeSeconds: 0.5, probeFailures: 4, bfd: false };
const every = (count: number, lost: (at: number) => boolean): Sent[] =>
  Array.from({ length: count }, (_, number) => ({ at: number * 0.05, ok: !lost(number * 0.05) }));
const whole = { sent: 9, back: 9, failure: undefined };

/** A link on which nothing happens but what its clock and its client say. */
function bench(traffic: Partial<Traffic> = {}, change: Partial<LinkBench> = {}): LinkBench & { did: string[] } {
  const did: string[] = [];
  const note = (name: string) => async (first?: string | number | boolean | readonly (string | number)[]) => {
    did.push(first === undefined ? name : `${name} ${first.toString()}`);
    return Promise.resolve();
  };
  return {
    did,
    now: () => 1,
    sleep: async () => Promise.resolve(),
    used: async () => Promise.resolve({ in: '11', out: '12' }),
    traffic: async () =>
      Promise.resolve({
        answeredAfter: async () => Promise.resolve(13),
        end: async () =>
          Promise.resolve({
            ...{ pings: [], questions: [], session: whole, writes: [], reads: [] },
            ...{ missing: async () => Promise.resolve(0), ...traffic },
          }),
      }),
    speed: async () => Promise.resolve({ sent: 100, received: 80 }),
    ...{ settled: note('settled'), powerOff: note('off'), powerOn: note('on'), freezeEnd: note('freeze') },
    ...{
      replaceEnd: note('replace'),
      endIsBack: note('is back'),
      lose: note('lose'),
      loseNothing: note('lose nothing'),
      stopForwarding: note('forward nothing'),
      drain: note('drain'),
    },
    ...{ loseTooBig: note('too big'), resume: note('resume'), steerAway: note('away'), steerBack: note('back') },
    ...{ forget: async () => Promise.resolve() },
    consul: {
      leader: async () => Promise.resolve(2),
      powerOff: async (side, servers) => note('consul off')(`${side},${servers?.join() ?? 'all'}`),
      powerOn: async (side, servers) => note('consul on')(`${side},${servers?.join() ?? 'all'}`),
    },
    ...{ rotate: note('rotate'), forwarder: note('forwarder'), speakBfd: note('bfd') },
    ...change,
  };
}

describe('an interruption', () => {
  it('lasts from the first lost request to the last one, however many came back between', () => {
    const pings = every(200, (at) => at > 1 && at < 3 && Math.round(at * 20) % 3 === 0);
    expect(interruption(pings, 1)).toBeGreaterThan(1.8);
    expect(interruption(pings, 1)).toBeLessThan(2.1);
    expect(
      interruption(
        every(200, () => false),
        1,
      ),
    ).toBe(0);
  });

  it('does not count what was lost before', () => {
    expect(
      interruption(
        every(200, (at) => at < 0.5),
        1,
      ),
    ).toBe(0);
  });
});

describe('a drill of a link', () => {
  it('has a case for each name', () => {
    expect(Object.keys(LINK_CASES)).toEqual([...LINK_CASE_NAMES]);
  });

  it('breaks, mends and settles, and counts the worst run', async () => {
    const link = bench({ pings: every(200, (at) => at > 1 && at < 2.5) });
    const [result] = await runLinkDrill({ bench: link, timers, cases: ['gateway-dies'], runs: 2 });
    expect(link.did).toEqual(['off 1', 'on 1', 'settled', 'off 1', 'on 1', 'settled']);
    expect(result).toMatchObject({ goal: 2, reached: true, asPredicted: true, faults: [] });
    expect(result?.seen).toHaveLength(2);
  });

  it('breaks the tunnel that carries traffic', async () => {
    const link = bench();
    await runLinkDrill({ bench: link, timers, cases: ['end-dies'] });
    expect(link.did).toEqual(['freeze 12', 'replace 12', 'is back 12', 'settled']);
    const other = bench();
    await runLinkDrill({ bench: other, timers, cases: ['end-dies-bfd'] });
    expect(other.did).toEqual(['bfd true', 'freeze 12', 'replace 12', 'is back 12', 'bfd false', 'settled']);
  });

  it.each([
    [{ session: { sent: 9, back: 4, failure: undefined } }, 'of 9 numbers over TCP, 4 came back'],
    [{ session: { sent: 9, back: 4, failure: 'reset' } }, 'the TCP connection broke: reset'],
    [{ pings: every(100, (at) => at === 2) }, '1 pings were lost'],
  ])('fails where something is lost that may not be: %j', async (traffic, fault) => {
    const [result] = await runLinkDrill({ bench: bench(traffic), timers, cases: ['drain'] });
    expect(result?.faults).toEqual([fault]);
  });

  it('fails where the link does not come back, and goes on', async () => {
    const link = bench({}, { settled: async () => Promise.reject(new Error('never')) });
    const results = await runLinkDrill({ bench: link, timers, cases: ['tunnel-passes-nothing', 'far-side-dead'] });
    expect(results.map(({ faults }) => faults)).toEqual([
      ['the link did not come back: never'],
      ['the link did not come back: never'],
    ]);
  });

  it('turns off the server of Consul that leads, or another one, and counts the longest time between two writes', async () => {
    const writes = [0.5, 0.9, 1.5, 4.5, 4.6].map((at) => ({ at, ok: true }));
    const link = bench({ writes: [writes, [{ at: 1.2, ok: true }]] });
    const [follower, leader] = await runLinkDrill({
      bench: link,
      timers,
      cases: ['consul-server-down', 'consul-leader-down'],
    });
    const off = (server: number) => [`consul off cloud,${server}`, `consul on cloud,${server}`, 'settled'];
    expect(link.did).toEqual([...off(1), ...off(2)]);
    expect(leader).toMatchObject({ measure: 'writes', worst: 3, reached: true, asPredicted: true, faults: [] });
    expect(follower?.asPredicted).toBe(false);
  });

  it.each([
    [{ reads: [{ at: 2, ok: false }] }, '1 reads of Consul had no answer'],
    [{ questions: [{ at: 2, ok: false }] }, '1 questions had no answer'],
    [{ missing: async () => Promise.resolve(7) }, '7 acknowledged writes are not on every server of Consul'],
  ])('fails where a server of Consul dies and something is lost: %j', async (traffic, fault) => {
    const [result] = await runLinkDrill({ bench: bench(traffic), timers, cases: ['consul-server-down'] });
    expect(result?.faults).toEqual([fault]);
  });

  it('has the cases of names and of discovery where the link has them', () => {
    const names = { zone: 'prod.example.org' };
    const discovery = { servers: 3 as const, instanceType: 't3.small' };
    const of = (value: Parameters<typeof casesOf>[0]['link']['value'], nameServers: string[]) =>
      casesOf({ link: { value }, cloud: { value: { dns: { nameServers } } } });
    expect(of({ names, discovery }, ['10.2.0.53'])).toEqual(LINK_CASE_NAMES);
    const lacks = (cases: readonly string[]) => LINK_CASE_NAMES.filter((name) => !cases.includes(name));
    const none = of({ names: undefined, discovery: undefined }, []);
    expect(lacks(none)).toEqual(LINK_CASE_NAMES.filter((name) => /^(consul|forwarder|end-forwards)/.test(name)));
    expect(lacks(of({ names, discovery }, []))).toEqual(['forwarder-down-aws']);
    expect(lacks(of({ names, discovery: undefined }, ['10.2.0.53'])).every((name) => name.startsWith('consul'))).toBe(
      true,
    );
  });

  it('says how much of the speed is left', async () => {
    let asked = 0;
    const speed = async () => Promise.resolve({ sent: 100, received: (asked += 1) === 1 ? 80 : 20 });
    const [result] = await runLinkDrill({ bench: bench({}, { speed }), timers, cases: ['too-big'] });
    expect(result).toMatchObject({ worst: 0.25, reached: false });
  });

  it('makes keys that AWS takes', () => {
    expect(newKey()).toMatch(/^[a-zA-Z1-9][a-zA-Z0-9]{47}$/);
  });
});
