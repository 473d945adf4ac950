import { describe, expect, it } from 'vitest';
import { serverZone } from '../../../lib/config/server-zone.ts';

const zones = ['rack-c', 'rack-a', 'rack-b'];
const tierOf = (tier: string, count: number, names = zones) =>
  Array.from({ length: count }, (_, at) => serverZone(names, 'alice', tier, at + 1));

describe('the zone of a server', () => {
  it('is each zone in turn', () => {
    expect(new Set(tierOf('web', 3)).size).toBe(3);
    expect(tierOf('web', 4)[3]).toBe(tierOf('web', 1)[0]);
  });

  it('starts elsewhere for another tier, so that tiers of one server do not all stand in the first zone', () => {
    const first = new Set(['bastion', 'database', 'queue', 'cache', 'web'].map((tier) => tierOf(tier, 1)[0]));
    expect(first.size).toBeGreaterThan(1);
  });

  it('does not depend on the order in which zones are written', () => {
    expect(tierOf('web', 3, [...zones].reverse())).toEqual(tierOf('web', 3));
  });

  it('is none where there is none', () => {
    expect(serverZone([], 'alice', 'web', 1)).toBeUndefined();
  });
});
