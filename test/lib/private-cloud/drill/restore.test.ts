import { expect, it } from 'vitest';
import type { Differences } from '../../../../lib/private-cloud/backup/differences.ts';
import type { ReadBack } from '../../../../lib/private-cloud/drill/measure.ts';
import { restoreLines } from '../../../../lib/private-cloud/drill/report-parts.ts';
import { playRestore, type RestoreDrillOptions } from '../../../../lib/private-cloud/drill/restore.ts';
import { FakeDrillTarget } from './fake-target.ts';
import { playRotation, type TlsSeen } from './rotation.ts';

const LATE = { project: 'project-late', network: 'network-late', port: 'port-late' };
const orphansOf = (...ids: readonly string[]): Differences => ({
  orphans: ids.map((id) => ({ kind: 'network', id, where: '' })),
  ...{ absent: [], unasked: [] },
});

/** A client that numbers its rows; what it misses in the end is given. */
function target(missing: (numbers: readonly number[]) => readonly number[], others: ReadBack = {}): FakeDrillTarget {
  const fake = new FakeDrillTarget();
  const start = fake.startClient.bind(fake);
  fake.startClient = async () => {
    const client = await start();
    const records = async () => (await client.records()).map((each, index) => ({ ...each, detail: String(index) }));
    return {
      records,
      stop: async () => {
        await client.stop();
        const numbers = (await records())
          .filter(({ probe, ok }) => probe === 'sql' && ok)
          .map(({ detail }) => Number(detail));
        const gone = missing(numbers);
        return { sql: { acknowledged: numbers.length, readBack: 0, lost: gone.length, missing: gone }, ...others };
      },
    };
  };
  return fake;
}

const played = async (fake: FakeDrillTarget, options: Partial<RestoreDrillOptions> = {}) =>
  await playRestore(fake, {
    ...{ run: 'r', backUp: () => fake.sleep(1), destroy: () => fake.sleep(1), say: () => undefined },
    makeLeases: () => Promise.resolve([LATE]),
    manageLeases: () => Promise.resolve([]),
    restore: async () => {
      await fake.sleep(5);
      return 4;
    },
    compare: () => Promise.resolve(orphansOf(...Object.values(LATE))),
    ...options,
  });

it('a restore keeps what the backup has, and loses what came later', async () => {
  const outcome = await played(target((numbers) => numbers.slice(-5)));
  expect(outcome).toMatchObject({ faults: [], rowsSince: 5, outageSeconds: 4, leases: { made: 3, lost: 0 } });
  expect(outcome.rows.acknowledged).toBeGreaterThan(20);
  expect(outcome.restoredSeconds).toBeGreaterThan(5);
  const text = restoreLines(outcome).join('\n');
  expect(text).toMatch(/^Restored after \d+\.\d s, of which 4\.0 s without a database/m);
  expect(text).toContain('network project-late, network network-late, network port-late.');
  expect(text).not.toContain('WRONG');
});

it('a restore fails where a row from before the backup is lost', async () => {
  const { faults, rows } = await played(target((numbers) => numbers.slice(3, 5)));
  expect(faults).toEqual([`2 of ${rows.acknowledged} rows that the backup has are lost`]);
});

it('a restore fails where anything else is lost, a lease cannot be managed, or nothing tells of a later one', async () => {
  const stream = { stream: { acknowledged: 9, readBack: 8, lost: 1 } };
  const { faults, leases } = await played(
    target(() => [], stream),
    {
      manageLeases: () => Promise.resolve(['lease r-2 could not be managed: 404']),
      compare: () => Promise.resolve(orphansOf('network-late')),
    },
  );
  expect(faults).toEqual([
    'stream: 1 of 9 acknowledged writes are lost',
    'lease r-2 could not be managed: 404',
    'project project-late was made since the backup, and nothing tells of it',
    'port port-late was made since the backup, and nothing tells of it',
  ]);
  expect(leases.lost).toBe(1);
});

const SEEN: TlsSeen = {
  requests: 100,
  failed: 0,
  repeated: 1,
  faults: [],
  met: [
    ['OLD', 50],
    ['NEW', 50],
  ],
};
const rotated = async (seen: TlsSeen, fake: FakeDrillTarget, rotate = () => fake.sleep(3)) =>
  await playRotation(fake, {
    ...{ run: 'r', rotate, say: () => undefined },
    startTls: () => Promise.resolve({ stop: () => Promise.resolve(seen) }),
  });

it('a rotation is good where no request fails and both certificates are met', async () => {
  const outcome = await rotated(
    SEEN,
    target(() => []),
  );
  expect(outcome).toMatchObject({ faults: [], failed: 0, holder: 'control-a-1' });
  expect(outcome.requests).toBeGreaterThan(20);
});

it('a rotation fails where a request does, with TLS or without, and where the new certificate is not met', async () => {
  const fake = target(() => []);
  const seen: TlsSeen = { ...SEEN, failed: 1, faults: ['reset'], met: [['OLD', 100]] };
  const { faults, failed } = await rotated(seen, fake, async () => {
    await fake.kill('control-a-1', 'haproxy');
    await fake.sleep(3);
  });
  expect(faults[0]).toBe('1 of 100 requests with TLS failed: reset');
  expect(faults[1]).toBe('clients met 1 certificates, not the old and the new one');
  expect(faults[2]).toMatch(/^\S+ failed: /);
  expect(failed).toBeGreaterThan(0);
});
