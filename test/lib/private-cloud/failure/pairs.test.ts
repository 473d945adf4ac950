import { describe, expect, it } from 'vitest';
import { partId, partsOf } from '../../../../lib/private-cloud/failure/failures.ts';
import { compile } from '../../../../lib/private-cloud/failure/model.ts';
import { judgePairs } from '../../../../lib/private-cloud/failure/pairs.ts';
import { placeLeases, replace } from '../../../../lib/private-cloud/placement/placement.ts';
import { topologyOf } from '../../../../lib/private-cloud/topology/topology.ts';
import { paris, project } from './clouds.ts';
import { naivelyDown } from './oracle.ts';

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
