import { afterEach, describe, expect, it } from 'vitest';
import { extendLease, freezeEnvironment, thawEnvironment } from '../../../lib/dev/change.ts';
import { createEnvironment } from '../../../lib/dev/create.ts';
import { destroyEnvironment } from '../../../lib/dev/destroy.ts';
import type { DevPorts } from '../../../lib/dev/ports.ts';
import { reap } from '../../../lib/dev/reaper.ts';
import { requireValid } from '../../../lib/dev/workspace.ts';
import type { Journal } from '../../../lib/state/journal.ts';
import { sample } from '../../chaos.ts';
import { type Checkouts, makeCheckouts } from './lease-checkouts.ts';
import { makeWorld, type World } from './world.ts';

const request = {
  name: 'dora',
  blueprint: 'app',
  owner: 'dora@acme.example.org',
  duration: '7d',
  cloud: undefined,
  users: [],
  sshKeys: [],
  purpose: undefined,
};

interface Verb {
  readonly before: readonly ((ports: DevPorts) => Promise<unknown>)[];
  readonly run: (ports: DevPorts) => Promise<unknown>;
  readonly message: string;
  /** What the lease says afterwards; undefined where it is gone. */
  readonly lease: RegExp | undefined;
  readonly at?: Date;
}

const create = (ports: DevPorts) => createEnvironment(ports, request);
const reapAll = async (ports: DevPorts): Promise<void> => {
  const { failures } = await reap(ports, requireValid('dora', ports.files, ports.clock.now()), true);
  if (failures[0] !== undefined) throw failures[0];
};
const LATER = new Date('2026-12-02T01:00:00Z');
const frozen = [create, (ports: DevPorts) => freezeEnvironment(ports, 'dora')];

const VERBS: Readonly<Record<string, Verb>> = {
  create: { before: [], run: create, message: 'Lease dora to dora@acme.example.org', lease: /until: 2026-11-27\n/ },
  extend: {
    before: [create],
    run: (ports) => extendLease(ports, 'dora', '6d'),
    message: 'Extend dora until 2026-12-03',
    lease: /until: 2026-12-03\n/,
  },
  freeze: {
    before: [create],
    run: (ports) => freezeEnvironment(ports, 'dora'),
    message: 'Freeze dora',
    lease: /frozen/,
  },
  thaw: {
    before: frozen,
    run: (ports) => thawEnvironment(ports, 'dora'),
    message: 'Thaw dora',
    lease: /^(?![^]*frozen)/,
  },
  destroy: {
    before: [create],
    run: (ports) => destroyEnvironment(ports, 'dora'),
    message: 'End lease dora',
    lease: undefined,
  },
  'reap, which stops': { before: [create], run: reapAll, message: 'Freeze dora', lease: /frozen/, at: LATER },
};

/** A journal that is killed at its n-th entry, before it is written or after; counts them otherwise. */
function dyingJournal(journal: Journal, at: number, written: boolean): { journal: Journal; count: () => number } {
  let count = 0;
  const die = <A extends unknown[], T>(write: (...args: A) => Promise<T>) => {
    return async (...args: A): Promise<T> => {
      count += 1;
      if (count === at && !written) throw new Error('killed');
      const result = await write(...args);
      if (count === at) throw new Error('killed');
      return result;
    };
  };
  return {
    count: () => count,
    journal: {
      ...journal,
      begin: die((...args: Parameters<Journal['begin']>) => journal.begin(...args)),
      intend: die((...args: Parameters<Journal['intend']>) => journal.intend(...args)),
      done: die((...args: Parameters<Journal['done']>) => journal.done(...args)),
      end: die((...args: Parameters<Journal['end']>) => journal.end(...args)),
    },
  };
}

/** One of each kind: a lease that is new, changed and removed. */
const REMOTE = ['create', 'extend', 'destroy'];

let world: World;
let remove = (): void => undefined;
afterEach(() => remove());

async function prepare({ before, at }: Verb, checkout?: string): Promise<void> {
  world = makeWorld(checkout);
  for (const step of before) await step(world.ports);
  world.now = at ?? world.now;
}

describe.each(Object.entries(VERBS))('env %s, killed at an entry of its journal and run again', (name, verb) => {
  const { run, message, lease } = verb;

  it('does each thing once', async () => {
    await prepare(verb);
    remove = () => world.end();
    const whole = dyingJournal(world.ports.journal, 0, false);
    await run({ ...world.ports, journal: whole.journal });
    world.end();
    expect(whole.count()).toBeGreaterThan(3);
    const entries = Array.from({ length: whole.count() }, (_, index) => index + 1);
    const deaths = sample(
      entries.flatMap((at) => [false, true].map((written) => ({ at, written }))),
      6,
    );
    for (const { at, written } of deaths) {
      await prepare(verb);
      world.told.length = 0;
      const dying = dyingJournal(world.ports.journal, at, written);
      await expect(run({ ...world.ports, journal: dying.journal }), `entry ${at}`).rejects.toThrow('killed');
      // After the last entry was written nothing is unfinished: another run is a new one.
      const isOver = at === whole.count() && written;
      if (!isOver) await run(world.ports);
      expect(
        world.told.filter((line) => line === `commit ${message}`),
        `entry ${at}`,
      ).toHaveLength(1);
      expect(
        world.told.filter((line) => line.startsWith('commit ')),
        `entry ${at}`,
      ).toHaveLength(1);
      if (lease === undefined) expect([world.lease('dora'), world.cloud.all]).toEqual([undefined, []]);
      else expect([world.lease('dora'), world.cloud.all.length]).toEqual([expect.stringMatching(lease), 1]);
      expect(await world.ports.journal.open()).toEqual([]);
      world.end();
    }
    remove = () => undefined;
  });

  describe.runIf(REMOTE.includes(name))('with a real remote', () => {
    let checkouts: Checkouts;
    const lastCommits = () => checkouts.git('remote.git', 'log', '-2', '--format=%s', 'main').split('\n');

    async function open(): Promise<void> {
      checkouts = makeCheckouts();
      remove = checkouts.remove;
      // The configuration of the world is committed first, as it would be.
      makeWorld(`${checkouts.folder}/ann`);
      checkouts.git('ann', 'add', '-A');
      checkouts.git('ann', 'commit', '-q', '-m', 'configuration');
      checkouts.git('ann', 'push', '-q');
      await prepare(verb, `${checkouts.folder}/ann`);
    }

    it('commits once, where it was killed after the push and before this checkout had the commit', async () => {
      await open();
      const head = checkouts.git('ann', 'rev-parse', 'HEAD');
      world.before = (effect) => {
        if (effect === 'apply' || effect === 'destroy') throw new Error('killed');
      };
      await expect(run(world.ports)).rejects.toThrow('killed');
      world.before = () => undefined;
      checkouts.git('ann', 'reset', '-q', '--hard', head);
      await run(world.ports);
      expect(lastCommits()[0]).toBe(message);
      expect(lastCommits()[1]).not.toBe(message);
      if (lease === undefined) expect(world.lease('dora')).toBeUndefined();
      else expect(world.lease('dora')).toMatch(lease);
      expect(checkouts.git('ann', 'status', '--porcelain')).toBe('');
      expect(checkouts.git('ann', 'rev-parse', 'HEAD')).toBe(checkouts.git('remote.git', 'rev-parse', 'main'));
      expect(await world.ports.journal.open()).toEqual([]);
    });
  });
});
