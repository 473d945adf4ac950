import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { autostopSchema } from '../../../lib/config/schema/autostop.ts';
import { judgeIdle, lastEnd } from '../../../lib/dev/autostop.ts';
import { thawEnvironment } from '../../../lib/dev/change.ts';
import { createEnvironment } from '../../../lib/dev/create.ts';
import { planReap } from '../../../lib/dev/reap.ts';
import { reap } from '../../../lib/dev/reaper.ts';
import { requireValid } from '../../../lib/dev/workspace.ts';
import { cloudUnreachable } from '../../../lib/openstack-api/errors.ts';
import { makeWorld, type World } from './world.ts';

const hoursOf = (text: object) => autostopSchema.parse({ hours: { to: '20:00', ...text } }).hours!;
const end = (hours: object, now: string) => lastEnd(hoursOf(hours), new Date(now))?.toISOString();

describe('the hours in which a lease may run', () => {
  it('are over from their end until they begin again', () => {
    // 21 November 2026 is a Saturday.
    expect(end({}, '2026-11-20T12:00:00Z')).toBeUndefined();
    expect(end({}, '2026-11-20T19:59:59Z')).toBeUndefined();
    expect(end({}, '2026-11-20T20:00:00Z')).toBe('2026-11-20T20:00:00.000Z');
    expect(end({}, '2026-11-22T12:00:00Z')).toBe('2026-11-20T20:00:00.000Z');
    expect(end({}, '2026-11-23T06:59:00Z')).toBe('2026-11-20T20:00:00.000Z');
    expect(end({}, '2026-11-23T07:00:00Z')).toBeUndefined();
    expect(end({ days: ['sat'] }, '2026-11-20T12:00:00Z')).toBe('2026-11-14T20:00:00.000Z');
  });

  it('are those of a clock in their time zone, in winter and in summer', () => {
    const paris = { timeZone: 'Europe/Paris' };
    expect(end(paris, '2026-11-20T19:30:00Z')).toBe('2026-11-20T19:00:00.000Z');
    expect(end(paris, '2026-07-03T18:30:00Z')).toBe('2026-07-03T18:00:00.000Z');
    // The clocks change in the night to Sunday, the 25th of October.
    expect(end({ ...paris, days: ['sat'] }, '2026-10-25T12:00:00Z')).toBe('2026-10-24T18:00:00.000Z');
    expect(end({ timeZone: 'Asia/Kolkata' }, '2026-11-20T15:00:00Z')).toBe('2026-11-20T14:30:00.000Z');
  });

  it('end in the past, at a time of a day that they have', () => {
    const moment = fc.date({ min: new Date('2026-01-01'), max: new Date('2027-01-01'), noInvalidDate: true });
    const zone = fc.constantFrom('Etc/UTC', 'Europe/Paris', 'America/New_York', 'Asia/Kolkata', 'Pacific/Auckland');
    fc.assert(
      fc.property(moment, zone, (now, timeZone) => {
        const found = lastEnd(hoursOf({ timeZone }), now);
        if (found === undefined) return;
        expect(found.getTime()).toBeLessThanOrEqual(now.getTime());
        expect(now.getTime() - found.getTime()).toBeLessThan(3.5 * 86_400_000);
        const told = new Intl.DateTimeFormat('en-GB', {
          timeZone,
          hour: '2-digit',
          minute: '2-digit',
          weekday: 'short',
        });
        expect(told.format(found)).toMatch(/^(?:Mon|Tue|Wed|Thu|Fri),? 20:00$/);
      }),
    );
  });

  it.each([
    [{ from: '21:00' }, 'not after `from`'],
    [{ to: '24:00' }, 'no time of day'],
    [{ timeZone: 'Paris' }, 'not an IANA time zone'],
  ])('fails for %j', (hours, why) => {
    const { error } = autostopSchema.safeParse({ hours: { to: '20:00', ...hours } });
    expect(error?.message).toContain(why);
  });
});

describe('idleness', () => {
  const limits = { idleCpuPercent: 5, idleKibPerSecond: 16 };
  const counters = { servers: 2, vcpus: 4, cpuSeconds: 100, octets: 1e6 };
  const at = (hour: number) => new Date(Date.UTC(2026, 10, 21, hour));
  const first = judgeIdle(undefined, counters, limits, at(1));

  it('lasts while processors and networks hardly do anything', () => {
    const next = { ...counters, cpuSeconds: 100 + 0.04 * 4 * 3600, octets: 1e6 + 10 * 1024 * 2 * 3600 };
    expect(judgeIdle(first, next, limits, at(2)).idleSince).toBe(at(1).toISOString());
  });

  it.each([
    ['a processor works', { ...counters, cpuSeconds: 100 + 0.06 * 4 * 3600 }],
    ['a network carries something', { ...counters, octets: 1e6 + 20 * 1024 * 2 * 3600 }],
    ['servers started anew', { ...counters, cpuSeconds: 3 }],
    ['a server came', { ...counters, servers: 3 }],
  ])('ends where %s', (_, next) => {
    expect(judgeIdle(first, next, limits, at(2)).idleSince).toBe(at(2).toISOString());
  });
});

describe('the reaper', () => {
  it('never stops for hours or idleness what is protected, frozen, unfinished, or was thawed since', () => {
    const moment = fc.option(fc.integer({ min: -100, max: 0 }), { nil: undefined });
    const now = new Date('2026-11-21T10:00:00Z');
    const ago = (hour: number | undefined) =>
      hour === undefined ? undefined : new Date(now.getTime() + hour * 3_600_000);
    const any = fc.record({
      state: fc.constantFrom('active' as const, 'frozen' as const),
      isProtected: fc.boolean(),
      unfinished: fc.constantFrom(undefined, 'env update'),
      ...{ active: moment, over: moment, idle: moment },
    });
    fc.assert(
      fc.property(any, ({ state, isProtected, unfinished, active, over, idle }) => {
        const lease = { owner: 'a@example.org', until: '2026-12-24', state, protected: isProtected };
        const idleSince = ago(idle);
        const [action] = planReap(
          [
            {
              ...{ name: 'x', lease, unfinished, stoppedAt: undefined, warned: [] },
              ...{ activeSince: ago(active), hoursOver: ago(over) },
              idle: idleSince === undefined ? undefined : { since: idleSince, hours: 8 },
            },
          ],
          [],
          now,
        );
        const mayStop = state === 'active' && !isProtected && unfinished === undefined;
        const byHours = over !== undefined && active !== undefined && active < over;
        const byIdleness = idle !== undefined && idle <= -8;
        expect(action?.action).toBe(mayStop && (byHours || byIdleness) ? 'stop' : 'nothing');
      }),
    );
  });
});

describe('a lease that is stopped by itself', () => {
  let world: World;
  beforeEach(async () => {
    world = makeWorld();
    await createEnvironment(world.ports, {
      ...{ name: 'dora', blueprint: 'app', owner: 'dora@acme.example.org', duration: '21d' },
      ...{ cloud: undefined, users: [], sshKeys: [], purpose: undefined },
    });
  });
  afterEach(() => world.end());
  const project = () => requireValid('dora', world.ports.files, world.now);
  const run = async () =>
    (await reap(world.ports, project(), true)).actions.map(({ action, reason }) => [action, reason]);
  const configure = (file: string, lines: string): void => {
    const path = join(world.ports.root, file);
    writeFileSync(path, `${readFileSync(path, 'utf8')}${lines}`);
    world.commitAll();
  };

  it('is stopped once at the end of its hours, and stays up for who thaws it', async () => {
    configure('config/tandem.yaml', '  autostop: { hours: { to: "20:00" } }\n');
    world.now = new Date('2026-11-23T12:00:00Z');
    expect((await run())[0]?.[0]).toBe('nothing');
    world.now = new Date('2026-11-23T20:05:00Z');
    expect(await run()).toEqual([['stop', 'its hours were over 5 min ago (autostop)']]);
    expect(world.lease('dora')).toContain('state: frozen');
    world.now = new Date('2026-11-23T21:00:00Z');
    expect((await run())[0]?.[0]).toBe('nothing');
    await thawEnvironment(world.ports, 'dora');
    world.now = new Date('2026-11-23T22:00:00Z');
    expect((await run())[0]?.[0]).toBe('nothing');
    world.now = new Date('2026-11-24T20:05:00Z');
    expect((await run())[0]?.[0]).toBe('stop');
  });

  it('is stopped after its idle hours, which any work begins anew, unless its lease says never', async () => {
    configure('config/tandem.yaml', '  autostop: { idleHours: 2 }\n');
    const counters = { servers: 3, vcpus: 10, cpuSeconds: 50, octets: 0 };
    world.cloud.activities.set('p-dora', counters);
    const begin = world.now.getTime();
    const after = (hours: number) => (world.now = new Date(begin + hours * 3_600_000));
    expect((await run())[0]?.[0]).toBe('nothing');
    after(1);
    world.cloud.activities.set('p-dora', { ...counters, cpuSeconds: 50 + 0.5 * 10 * 3600 });
    await run();
    after(2.5);
    expect((await run())[0]?.[0]).toBe('nothing');
    after(3.5);
    expect(await run()).toEqual([['stop', 'idle for 2 h 30 min (autostop)']]);
    await thawEnvironment(world.ports, 'dora');
    configure('config/dev/dora.yaml', 'autostop: {}\n');
    after(100);
    expect((await run())[0]?.[0]).toBe('nothing');
  });

  it('is left alone where its cloud tells no counters, or does not answer', async () => {
    configure('config/tandem.yaml', '  autostop: { idleHours: 1 }\n');
    for (const hours of [1, 3, 5]) {
      world.now = new Date(world.now.getTime() + hours * 3_600_000);
      expect((await run())[0]?.[0]).toBe('nothing');
      world.cloud.activity = () =>
        Promise.reject(cloudUnreachable({ cloud: 'fake', method: 'GET', url: 'x' }, 'gone', null));
    }
    expect(world.told.join()).toContain('dora: nobody knows whether it is idle');
  });
});
