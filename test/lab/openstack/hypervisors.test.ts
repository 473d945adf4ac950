import { describe, expect, it } from 'vitest';
import { planHypervisors } from '../../../lab/openstack/hypervisors.ts';

describe('planHypervisors', () => {
  it('names hosts after their zone, the zones in turn', () => {
    expect(planHypervisors(5)).toEqual([
      { name: 'rack-a-1', zone: 'rack-a' },
      { name: 'rack-b-1', zone: 'rack-b' },
      { name: 'rack-c-1', zone: 'rack-c' },
      { name: 'rack-a-2', zone: 'rack-a' },
      { name: 'rack-b-2', zone: 'rack-b' },
    ]);
  });

  it('gives thirty different names', () => {
    expect(new Set(planHypervisors(30).map(({ name }) => name)).size).toBe(30);
  });

  it.each([1, 0, -3, 31, 2.5, Number.NaN])('fails for %s', (count) => {
    expect(() => planHypervisors(count)).toThrow(expect.objectContaining({ code: 'lab-invalid-hypervisors' }));
  });
});
