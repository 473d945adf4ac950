import fc from 'fast-check';
import pc from 'picocolors';
import { describe, expect, it } from 'vitest';
import { compile } from '../../../../lib/private-cloud/failure/model.ts';
import { judgePartition, partitionsOf } from '../../../../lib/private-cloud/failure/partitions.ts';
import { partitionLines } from '../../../../lib/private-cloud/failure/render-partitions.ts';
import { placeLeases, placeOnCloud } from '../../../../lib/private-cloud/placement/placement.ts';
import { topologyOf } from '../../../../lib/private-cloud/topology/topology.ts';
import { anyCloud, paris, project } from './clouds.ts';
import { naivelyDown } from './oracle.ts';

const topology = topologyOf('paris', paris);
const model = compile(paris, topology);
const placement = placeLeases(project, 'paris');
const effects = partitionsOf(topology).map((each) => judgePartition(model, placement, each));

describe('racks that no longer reach each other', () => {
  it('are each one against the others, and each two of four or more', () => {
    const named = (racks: string[]) =>
      partitionsOf({ racks, hosts: racks.map((rack) => ({ ...topology.hosts[0], rack })) as never }).map(({ sides }) =>
        sides.map((side) => side.join('')).join('|'),
      );
    expect(named(['a'])).toEqual([]);
    expect(named(['a', 'b'])).toEqual(['a|b']);
    expect(named(['a', 'b', 'c'])).toEqual(['a|bc', 'b|ac', 'c|ab']);
    expect(named(['a', 'b', 'c', 'd'])).toEqual(['a|bcd', 'b|acd', 'c|abd', 'd|abc', 'ab|cd', 'ac|bd', 'ad|bc']);
    expect(named(['a', 'b', 'c', 'd', 'e'])).toHaveLength(5 + 10);
  });

  it('leave two of three racks of the shipped cloud serving, and the third with the VIP and no database', () => {
    expect(effects.map(({ serves }) => serves)).toEqual([1, 1, 1]);
    for (const {
      sides: [alone, rest],
    } of effects) {
      expect([alone.holdsVip, rest.holdsVip]).toEqual([true, true]);
      expect(alone.down).toEqual(expect.arrayContaining(['mariadb', 'rabbitmq', 'volumes', 'root-disks']));
      expect(rest.down.filter((name) => name !== 'prometheus')).toEqual([]);
      expect(alone.hanging).toBe(alone.servers);
      expect(rest.hanging).toBe(0);
      expect(alone.servers + rest.servers).toBe(placement.servers.length);
    }
  });

  it('leave neither side serving where majorities fall on different ones', () => {
    // Databases in a, a and b; brokers in a, b and b: whichever rack is alone lacks one of them.
    const hosts = Object.fromEntries(
      Object.entries(paris.hosts).map(([name, host]) => {
        if (name === 'database-c') return [name, { ...host, rack: 'a' }];
        if (name === 'queue-c' || host.rack === 'c') return [name, { ...host, rack: 'b' }];
        return [name, host];
      }),
    );
    const split = topologyOf('split', { ...paris, hosts });
    const own = compile({ ...paris, hosts }, split);
    const [only, ...others] = partitionsOf(split).map((each) => judgePartition(own, placement, each));
    expect([others, only?.serves]).toEqual([[], null]);
  });

  it('are told with who serves, who only seems to, and that fencing comes first', () => {
    const text = partitionLines(effects, pc.createColors(false)).join('\n');
    expect(text).toMatch(/a \| b, c +b, c +a: holds the VIP, \d+ services down, \d+ servers hang/);
    expect(text).toContain('its host must be fenced');
  });
});

describe('each side of any partition of any small cloud', () => {
  it('has down what is down with the other side off, and at most one side serves', () => {
    fc.assert(
      fc.property(anyCloud(), (cloud) => {
        const small = topologyOf('any', cloud);
        const own = compile(cloud, small);
        for (const partition of partitionsOf(small)) {
          const effect = judgePartition(own, placeOnCloud(cloud, []), partition);
          for (const [at, { down }] of effect.sides.entries()) {
            const other = partition.sides[at === 0 ? 1 : 0];
            const off = other.map((name) => ({ kind: 'rack', name }) as const);
            expect([...down].sort()).toEqual(naivelyDown(cloud, small, off));
          }
          const hasMajority = (side: number) => !effect.sides[side as 0 | 1].down.includes('mariadb');
          const hasDatabase = own.services.some(({ name }) => name === 'mariadb');
          if (hasDatabase) expect(hasMajority(0) && hasMajority(1)).toBe(false);
        }
      }),
      { numRuns: 100 },
    );
  });
});
