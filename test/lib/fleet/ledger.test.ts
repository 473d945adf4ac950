import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { charge, drawsOf, grant, type Ledger, settle } from '../../../lib/fleet/ledger.ts';

/** A bucket of AWS, of which another consumer takes a share first. */
function bucketOfAws(capacity: number, rate: number, others = 0) {
  let [tokens, at] = [capacity, 0];
  return (now: number): boolean => {
    tokens = Math.min(capacity, tokens + ((now - at) / 1000) * rate * (1 - others));
    at = now;
    if (tokens < 1) return false;
    tokens -= 1;
    return true;
  };
}

/** Makes calls by the ledger's grants, a look each second, and counts those that AWS throttled. */
function drive(aws: (now: number) => boolean, calls: number) {
  let ledger: Ledger = {};
  const outcomes: boolean[] = [];
  let now = 0;
  for (; outcomes.length < calls; now += 1000) {
    const sizes = Array.from({ length: Math.min(40, calls - outcomes.length) }, () => 1);
    const { ledger: next, granted } = grant(ledger, 'CreateReplaceRootVolumeTask', sizes, now);
    let [made, throttled] = [0, false];
    while (made < granted && !throttled) {
      throttled = !aws(now);
      outcomes.push(!throttled);
      made += throttled ? 0 : 1;
    }
    const unused = sizes.slice(0, Math.max(0, granted - made - (throttled ? 1 : 0)));
    ledger = settle(next, 'CreateReplaceRootVolumeTask', { made: sizes.slice(0, made), unused, throttled }, now);
  }
  const settled = outcomes.slice(400);
  return {
    seconds: now / 1000,
    throttled: outcomes.filter((ok) => !ok).length,
    shareAfter: settled.filter((ok) => !ok).length / settled.length,
    rate: ledger['ec2:CreateReplaceRootVolumeTask']?.rate ?? 0,
  };
}

describe('at published limits', () => {
  test('no call is throttled, and 300 wait no longer than their tokens', () => {
    const { throttled, seconds } = drive(bucketOfAws(50, 5), 300);
    expect(throttled).toBe(0);
    expect(seconds).toBeLessThanOrEqual(52);
  });

  test('a call draws from the bucket of its instances as well', () => {
    const hundreds = Array.from({ length: 12 }, () => 100);
    expect(grant({}, 'TerminateInstances', hundreds, 0).granted).toBe(10);
    const { ledger } = grant({}, 'TerminateInstances', hundreds, 0);
    const later = (now: number) => grant(ledger, 'TerminateInstances', [100], now).granted;
    expect([later(4999), later(5000)]).toEqual([0, 1]);
  });

  test('detached machines are launched by the tokens of RunInstances', () => {
    const twenties = Array.from({ length: 60 }, () => 20);
    let ledger: Ledger = {};
    let granted = 0;
    for (let now = 0; now < 60_000; now += 1000) {
      const next = grant(ledger, 'DetachInstances', twenties.slice(granted), now);
      ledger = next.ledger;
      granted += next.granted;
    }
    // 1,000 at once, and two a second.
    expect(granted * 20).toBe(1100);
  });

  test('half of the bucket of Auto Scaling is left to agents and the group', () => {
    expect(drawsOf('SetInstanceHealth')).toEqual([{ name: 'autoscaling', kind: 'request', capacity: 50, rate: 5 }]);
  });
});

describe('at hidden limits', () => {
  test('at most one call in a hundred is throttled after convergence, whatever the limits and others are', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.3, max: 2, noNaN: true }), fc.constantFrom(0, 0.5), (scale, others) => {
        const { shareAfter, rate } = drive(bucketOfAws(50 * scale, 5 * scale, others), 2000);
        expect(shareAfter).toBeLessThanOrEqual(0.01);
        const left = Math.min(5, 5 * scale * (1 - others));
        expect(rate).toBeGreaterThan(0.7 * left);
        expect(rate).toBeLessThan(1.2 * left);
      }),
      { numRuns: 15 },
    );
  });

  test('one throttle of a batch stops the batch', () => {
    expect(drive(bucketOfAws(15, 1.5), 60).throttled).toBeLessThanOrEqual(5);
  });
});

test('a ledger that another host wrote ahead of time gives no more than it has', () => {
  const { ledger } = grant(
    {},
    'RebootInstances',
    Array.from({ length: 50 }, () => 1),
    3_600_000,
  );
  expect(grant(ledger, 'RebootInstances', [1], 0).granted).toBe(0);
});

test('calls that were not tried give their tokens back', () => {
  const sizes = Array.from({ length: 50 }, () => 1);
  const { ledger } = grant({}, 'RebootInstances', sizes, 0);
  const settled = settle(ledger, 'RebootInstances', { made: [1], unused: sizes.slice(1), throttled: false }, 0);
  expect(grant(settled, 'RebootInstances', sizes, 0).granted).toBe(49);
});

test('calls go on however often AWS throttles beside the looks at the fleet', () => {
  let [ledger, granted]: [Ledger, number] = [{}, 0];
  for (let now = 0; now < 600_000; now += 5000) {
    ledger = charge(ledger, 'DescribeFleet', 1, now);
    const next = grant(ledger, 'DetachInstances', [1], now);
    granted += next.granted;
    // Each fourth call is throttled, without any reason that the ledger could learn.
    const throttled = next.granted > 0 && granted % 4 === 0;
    ledger = settle(next.ledger, 'DetachInstances', { made: throttled ? [] : [1], unused: [], throttled }, now);
  }
  expect(granted).toBeGreaterThan(50);
});

test('what a bucket gave less than published is believed again in time', () => {
  const throttled = settle({}, 'RebootInstances', { made: [], unused: [], throttled: true }, 0);
  const sizes = Array.from({ length: 50 }, () => 1);
  expect(grant(throttled, 'RebootInstances', sizes, 3_600_000).granted).toBeLessThan(50);
  expect(grant(throttled, 'RebootInstances', sizes, 86_400_000).granted).toBeGreaterThan(45);
});

test('a host whose clock is an hour ahead stops nobody for an hour', () => {
  const sizes = Array.from({ length: 50 }, () => 1);
  let { ledger } = grant({}, 'RebootInstances', sizes, 3_600_000);
  ({ ledger } = grant(ledger, 'RebootInstances', [1], 0));
  expect(grant(ledger, 'RebootInstances', sizes, 4000).granted).toBe(20);
});
