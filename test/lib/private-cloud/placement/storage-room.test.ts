import { describe, expect, it } from 'vitest';
import type { Cloud } from '../../../../lib/config/schema/cloud.ts';
import { worstRecovery } from '../../../../lib/private-cloud/placement/storage-room.ts';
import { topologyOf } from '../../../../lib/private-cloud/topology/topology.ts';
import { paris } from '../failure/clouds.ts';

type Host = Cloud['hosts'][string];

/** Storage hosts of paris by rack, in 9,000 GiB. */
function withStorage(counts: Readonly<Record<string, number>>, storage: Partial<Cloud['storage']> = {}): Cloud {
  const others = Object.entries(paris.hosts).filter(([, { roles }]) => !roles.includes('storage'));
  const own = Object.entries(counts).map(([rack, count], at) => {
    const host: Host = { ...(paris.hosts['storage-a'] as Host), rack, count, firstAddress: `10.10.0.${71 + 10 * at}` };
    return [`storage-${rack}`, host] as const;
  });
  const racks = Object.fromEntries(
    Object.keys(counts).map((rack) => [rack, paris.racks['a'] as Cloud['racks'][string]]),
  );
  return {
    ...paris,
    racks: { ...paris.racks, ...racks },
    hosts: Object.fromEntries([...others, ...own]),
    storage: { ...paris.storage, usableGiB: 9000, ...storage },
  };
}

const worstOf = (cloud: Cloud) => worstRecovery(cloud, topologyOf('cloud', cloud));

describe('room for copies that are made again', () => {
  it('is in the rest of a rack, where each of three racks must have a copy', () => {
    const worst = worstOf(withStorage({ a: 3, b: 3, c: 3 }));
    expect(worst).toMatchObject({ kind: 'host', name: 'storage-a-1', onto: ['storage-a-2', 'storage-a-3'] });
    expect(worst?.atMostGiB).toBe(9000 * 0.9 * (2 / 3));
  });

  it('is least where a rack has fewest hosts', () => {
    expect(worstOf(withStorage({ a: 3, b: 2, c: 3 }))).toMatchObject({ name: 'storage-b-1', atMostGiB: 4050 });
  });

  it('is in the other racks, where there are more racks than copies', () => {
    const worst = worstOf(withStorage({ a: 1, b: 1, c: 1, d: 1 }));
    expect([worst?.onto.length, worst?.atMostGiB]).toEqual([3, 9000 * 0.9 * (3 / 4)]);
  });

  it('is on any host that is left, where hosts alone keep copies apart', () => {
    const worst = worstOf(withStorage({ a: 3, b: 2, c: 1 }, { failureDomain: 'host' }));
    expect(worst).toMatchObject({ kind: 'rack', name: 'a', atMostGiB: 4050 });
  });

  it('is asked for by no loss after which nothing can be copied, and by no other storage', () => {
    expect(worstOf(withStorage({ a: 1, b: 1, c: 1 }))).toBeUndefined();
    expect(worstOf(withStorage({ a: 3, b: 3, c: 3 }, { backend: 'nfs' }))).toBeUndefined();
  });
});
