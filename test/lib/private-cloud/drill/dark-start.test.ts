import { describe, expect, it } from 'vitest';
import { ordersOf } from '../../../../lib/cloud-operations/drill/run-dark-starts.ts';
import { type DarkStart, playDarkStart, type Recovered } from '../../../../lib/private-cloud/drill/dark-start.ts';
import { FakeDrillTarget, type Faults } from './fake-target.ts';

const [a, b, c] = ['control-a-1', 'control-b-1', 'control-c-1'] as const;
const position = (host: string, seqno: number): Recovered['positions'][number] => ({ host, uuid: 'u', seqno });

async function played(
  founder: string,
  faults: Faults = {},
  early: readonly string[] = [],
): Promise<{ readonly outcome: DarkStart; readonly calls: readonly string[] }> {
  const target = new FakeDrillTarget(faults);
  const recover = async (): Promise<Recovered> => {
    await target.found(founder);
    return { founder, positions: [position(a, 10), position(b, 12), position(c, 11)] };
  };
  const options = { run: 'r', order: [c, a, b], early, gapSeconds: 1, recover, say: () => undefined };
  return { outcome: await playDarkStart(target, options), calls: target.calls };
}

describe('a dark start', () => {
  it('switches all off at once, and on in the order, before anybody leads it', async () => {
    const { calls, outcome } = await played(b);
    expect(calls).toEqual([
      `off ${c} ${a} ${b}`,
      ...[c, a, b].map((host) => `lose view of ${host}`),
      ...[`on ${c}`, `on ${a}`, `on ${b}`],
      `found on ${b}`,
    ]);
    expect(outcome).toMatchObject({ founder: b, faults: [], positions: { [a]: 10, [b]: 12, [c]: 11 } });
    expect(outcome.backSeconds['sql']).toBeGreaterThan(2);
    expect(outcome.healthySeconds).toBeGreaterThanOrEqual(2);
  });

  it('lets the others write on where one goes early', async () => {
    const { calls } = await played(b, {}, [a]);
    expect(calls.slice(0, 2)).toEqual([`off ${a}`, `off ${c} ${b}`]);
  });

  it('waits until they do, however long that takes', async () => {
    const target = new FakeDrillTarget({ gapSeconds: 30 });
    const off: number[] = [];
    const take = target.off.bind(target);
    target.off = async (hosts) => {
      off.push(target.now());
      await take(hosts);
    };
    const recover = async (): Promise<Recovered> => {
      await target.found(b);
      return { founder: b, positions: [position(b, 1)] };
    };
    await playDarkStart(target, { run: 'r', order: [a, b, c], early: [a], recover, say: () => undefined });
    const [early = 0, others = 0] = off;
    expect(others - early).toBeGreaterThan(30);
  });

  it('fails where another founded it than who is newest', async () => {
    const { outcome } = await played(c);
    expect(outcome.faults).toEqual([`${c} founded the cluster, and others had newer writes`]);
  });

  it('fails where an acknowledged write is lost', async () => {
    const { outcome } = await played(b, { loses: 3 });
    expect(outcome.faults).toEqual(['sql: 3 of 100 acknowledged writes are lost']);
  });

  it('fails where nobody leads it', async () => {
    const target = new FakeDrillTarget();
    const recover = async (): Promise<Recovered> => await Promise.resolve({ founder: b, positions: [position(b, 1)] });
    const options = { run: 'r', order: [a, b, c], recover, say: () => undefined, patienceSeconds: 20 };
    await expect(playDarkStart(target, options)).rejects.toThrow(/waited 20 s for a success of each request/);
  });
});

it('can be played in each of six orders', () => {
  const orders = ordersOf([a, b, c]).map((order) => order.join());
  expect(new Set(orders).size).toBe(6);
  expect(orders).toContain([c, b, a].join());
});
