import { describe, expect, it } from 'vitest';
import { TIMERS, type TimerValues } from '../../../../lib/config/timers.ts';
import { type Places, predictGaps } from '../../../../lib/private-cloud/failure/gaps.ts';
import { compile, goneBy } from '../../../../lib/private-cloud/failure/model.ts';
import { firstSuccess } from '../../../../lib/private-cloud/failure/paths.ts';
import { SHIPPED_TIMERS } from '../../../../lib/private-cloud/topology/timers.ts';
import { topologyOf } from '../../../../lib/private-cloud/topology/topology.ts';
import { paris } from './clouds.ts';

/** Three controllers that carry everything, as in the drill. */
const drilled = {
  ...paris,
  hosts: Object.fromEntries(Object.entries(paris.hosts).filter(([, host]) => host.roles.includes('control'))),
};
const model = compile(drilled, topologyOf('drill', drilled));
const [holder = '', other = ''] = model.topology.hosts.map(({ name }) => name);
const gaps = (off: string, places: Places, timers: TimerValues = SHIPPED_TIMERS): Record<string, number> =>
  Object.fromEntries(
    predictGaps(model, goneBy(model, [{ kind: 'host', name: off }]), { timers, places }).map(({ service, seconds }) => [
      service,
      seconds,
    ]),
  );
const allOn = (host: string): Places => ({ vip: host, mariadb: host, rabbitmq: host, 'ovn-nb-db': host });

/** What a cloud has that sets none of them. */
const UNTUNED = Object.fromEntries(Object.entries(TIMERS).map(([name, { untuned }]) => [name, untuned])) as TimerValues;

/** As the issue wants it: within a factor of two, or within two seconds. */
function expectNear(predicted: number, measured: number): void {
  const isNear = Math.abs(predicted - measured) <= 2 || (predicted <= 2 * measured && measured <= 2 * predicted);
  expect(isNear, `predicted ${predicted} s, measured ${measured} s`).toBe(true);
}

/** Longest gaps of one power-off each, from a drill on one machine: the holder of the VIP was the writer, HAProxy always as shipped. */
const ROWS = [
  {
    timers: { ...SHIPPED_TIMERS, vrrpAdvert: 1, galeraSuspect: 5, netTick: 60 },
    vip: 3.1,
    mariadb: 6.6,
    keystone: 7.6,
    leader: 49,
    follower: 1.6,
  },
  {
    timers: { ...SHIPPED_TIMERS, vrrpAdvert: 0.5, galeraSuspect: 2, netTick: 10 },
    vip: 1.4,
    mariadb: 3.1,
    keystone: 4.2,
    leader: 12.7,
  },
  {
    timers: { ...SHIPPED_TIMERS, vrrpAdvert: 0.2, galeraSuspect: 1, netTick: 5 },
    vip: 0.7,
    mariadb: 2.1,
    keystone: 3,
    follower: 0,
  },
];

describe('predicted gaps', () => {
  it.each(ROWS)('come near to what a drill measured with advert_int $timers.vrrpAdvert', (row) => {
    const worst = gaps(holder, allOn(holder), row.timers);
    expectNear(worst['vip'] ?? 0, row.vip);
    expectNear(worst['mariadb'] ?? 0, row.mariadb);
    expectNear(worst['keystone'] ?? 0, row.keystone);
    if (row.leader !== undefined) expectNear(worst['rabbitmq'] ?? 0, row.leader);
    const elsewhere = gaps(holder, { ...allOn(holder), rabbitmq: other }, row.timers);
    if (row.follower !== undefined) expectNear(elsewhere['rabbitmq'] ?? 0, row.follower);
    expectNear(worst['ovn-nb-db'] ?? 0, 2.6);
  });

  it('promise what the cloud must keep: 4 s to a write, 5 s to a token, 10 s to a publish', () => {
    const worst = gaps(holder, allOn(holder));
    expect(worst['mariadb']).toBeLessThanOrEqual(4);
    expect(worst['keystone']).toBeLessThanOrEqual(5);
    expect(worst['rabbitmq']).toBeLessThanOrEqual(10);
  });

  it('are shorter than those of a cloud that sets nothing', () => {
    const [shipped, untuned] = [gaps(holder, allOn(holder)), gaps(holder, allOn(holder), UNTUNED)];
    for (const service of ['vip', 'mariadb', 'keystone', 'rabbitmq', 'nova-api', 'neutron-server'])
      expect(shipped[service] ?? Number.NaN).toBeLessThan(untuned[service] ?? Number.NaN);
  });

  it('depend on who leads', () => {
    const [here, elsewhere] = [gaps(holder, allOn(holder)), gaps(holder, allOn(other))];
    expect(elsewhere['vip']).toBeUndefined();
    expect(elsewhere['rabbitmq'] ?? 0).toBeLessThan(here['rabbitmq'] ?? 0);
    // Galera blocks every write until it has agreed that a member is gone, whoever it was.
    expect(elsewhere['mariadb']).toBeGreaterThanOrEqual(SHIPPED_TIMERS.galeraSuspect);
  });

  it('are sums of their terms, and never longer than at the worst moment', () => {
    for (const gap of predictGaps(model, goneBy(model, [{ kind: 'host', name: holder }]))) {
      expect(gap.terms.reduce((sum, term) => sum + term.seconds, 0)).toBeCloseTo(gap.seconds, 0);
      for (const term of gap.terms) expect(term.atMost).toBeGreaterThanOrEqual(term.seconds);
    }
  });

  it('grow with each time-out that they stand on', () => {
    const before = gaps(holder, allOn(holder));
    const grown = (change: Partial<TimerValues>) => gaps(holder, allOn(holder), { ...SHIPPED_TIMERS, ...change });
    expect(grown({ vrrpAdvert: 2 })['vip'] ?? 0).toBeGreaterThan(before['vip'] ?? 0);
    expect(grown({ galeraSuspect: 6 })['mariadb'] ?? 0).toBeGreaterThan(before['mariadb'] ?? 0);
    expect(grown({ netTick: 20 })['rabbitmq'] ?? 0).toBeGreaterThan(before['rabbitmq'] ?? 0);
    expect(grown({ ovnElection: 4 })['ovn-nb-db'] ?? 0).toBeGreaterThan(before['ovn-nb-db'] ?? 0);
  });
});

describe('a client that tries again', () => {
  it('waits out the attempt that was lost, however soon the service is back', () => {
    expect(firstSuccess({ reachable: 0.6, served: 1, first: 2, connect: 1, read: 2 })).toBe(2);
  });

  it('pays a time-out for each connection to an address that has not moved yet', () => {
    expect(firstSuccess({ reachable: 3.1, served: 3.1, first: 2, connect: 1, read: 2 })).toBe(4);
  });

  it('is answered as soon as the service is back where it is merely kept waiting', () => {
    expect(firstSuccess({ reachable: 0, served: 1.5, first: 0, connect: 1, read: 2 })).toBe(1.5);
  });
});
