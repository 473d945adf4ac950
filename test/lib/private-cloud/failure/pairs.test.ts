import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Cloud } from '../../../../lib/config/schema/cloud.ts';
import { type Failure, partId, partsOf } from '../../../../lib/private-cloud/failure/failures.ts';
import { compile, goneBy, hostsGone } from '../../../../lib/private-cloud/failure/model.ts';
import { judgePairs } from '../../../../lib/private-cloud/failure/pairs.ts';
import {
  type Placement,
  placeLeases,
  placeOnCloud,
  replace,
} from '../../../../lib/private-cloud/placement/placement.ts';
import { type Topology, topologyOf } from '../../../../lib/private-cloud/topology/topology.ts';
import { draws } from '../../../chaos.ts';
import { anyCloud, anyServers, paris, project } from './clouds.ts';
import { naivelyDown, pairsOf } from './oracle.ts';

const topology = topologyOf('paris', paris);
const placement = placeLeases(project, 'paris');
const groups = judgePairs(compile(paris, topology), placement);
const parts = partsOf(topology);

describe('pairs', () => {
  it('are all judged, and as a slow and plain judge does', () => {
    const counts = new Map<string, number>();
    for (const [at, first] of parts.entries())
      for (const second of parts.slice(at + 1)) {
        const key = naivelyDown(paris, topology, [first, second]).join(' ');
        counts.set(key, (counts.get(key) ?? 0) + 1);
      }
    const judged = new Map<string, number>();
    for (const { down, pairs } of groups) {
      const key = [...down].sort().join(' ');
      judged.set(key, (judged.get(key) ?? 0) + pairs);
    }
    expect(judged).toEqual(counts);
  });

  it('say what neither part stops alone', () => {
    const both = groups.find(({ examples }) => examples[0]?.map(partId).join() === 'rack/b,host/queue-a-1');
    expect(both?.together).toContain('rabbitmq');
    expect(both?.together).not.toContain('keystone');
    const planes = groups.find(({ examples }) => examples[0]?.map(partId).join() === 'plane/tunnel,plane/storage');
    expect(planes?.together).toEqual([]);
  });

  it('name the worst pair for servers as placing them again does', () => {
    for (const { worstForServers: worst } of groups.slice(0, 3)) {
      if (worst === null) throw new Error('two racks carry servers');
      const gone = topology.hosts.filter(({ rack }) => worst.failure.some(({ name }) => name === rack));
      const { fallen, unplaced } = replace(
        placement,
        gone.map(({ name }) => name),
      );
      if (worst.failure.every(({ kind }) => kind === 'rack'))
        expect([worst.fallen, worst.unplaced]).toEqual([fallen.length, unplaced.length]);
    }
  });
});

/** Every pair by itself: services as the plain judge says, servers placed again each time. */
function naivePairs(cloud: Cloud, small: Topology, servers: Placement) {
  const groups = new Map<string, { down: string[]; pairs: number; examples: Failure[]; worst: Worst | null }>();
  const down = (failure: Failure) => naivelyDown(cloud, small, failure);
  for (const pair of pairsOf(partsOf(small))) {
    const both = down(pair);
    const alone = new Set(pair.flatMap((part) => down([part])));
    const key = JSON.stringify([both, both.filter((name) => !alone.has(name))]);
    const group = groups.get(key) ?? { down: both, pairs: 0, examples: [], worst: null };
    groups.set(key, group);
    group.pairs += 1;
    if (group.examples.length < 3) group.examples.push(pair);
    const model = compile(cloud, small);
    const { fallen, unplaced } = replace(servers, hostsGone(model, goneBy(model, pair)));
    const now = { failure: pair, fallen: fallen.length, unplaced: unplaced.length };
    const { worst } = group;
    const isWorse =
      worst === null || now.unplaced > worst.unplaced || (now.unplaced === worst.unplaced && now.fallen > worst.fallen);
    if (now.fallen > 0 && isWorse) group.worst = now;
  }
  return groups;
}

type Worst = { failure: Failure; fallen: number; unplaced: number };

describe('pairs of any small cloud', () => {
  it('are grouped, counted and worst as if each were judged by itself', () => {
    const drawn = anyCloud().chain((cloud) => anyServers(cloud).map((servers) => ({ cloud, servers })));
    fc.assert(
      fc.property(drawn, ({ cloud, servers }) => {
        const small = topologyOf('any', cloud);
        const placed = placeOnCloud(cloud, servers);
        const naive = naivePairs(cloud, small, placed);
        const fast = judgePairs(compile(cloud, small), placed);
        expect(fast.length).toBe(naive.size);
        for (const { down, together, pairs, examples, worstForServers } of fast) {
          const own = naive.get(JSON.stringify([[...down].sort(), [...together].sort()]));
          expect({ pairs, examples, worst: worstForServers }).toEqual(
            own === undefined ? undefined : { pairs: own.pairs, examples: own.examples, worst: own.worst },
          );
        }
      }),
      draws(60),
    );
  });
});
