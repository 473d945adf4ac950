import { describe, expect, it } from 'vitest';
import {
  allOff,
  consulLeaderDies,
  consulServerDies,
  gatewayBlind,
  gatewayDies,
  isAsPredicted,
  probesLost,
  takeOverSeconds,
  tunnelDead,
  tunnelLoses,
} from '../../../../lib/link/drill/predict.ts';

const timers = { keepaliveSeconds: 10, holdSeconds: 30, probeSeconds: 0.5, probeFailures: 4, bfd: false };

describe('a prediction of the drill', () => {
  it('of a dead gateway knows no timer of BGP: the successor tells more specific routes', () => {
    expect(takeOverSeconds()).toBeCloseTo(0.72, 2);
    expect(gatewayDies()).toBeLessThan(2);
  });

  it('of a dead tunnel is what its probes take, or BFD where there is one', () => {
    expect(probesLost(timers)).toBe(2.25);
    expect(probesLost({ ...timers, probeSeconds: 1 })).toBe(4.5);
    expect(tunnelDead({ ...timers, bfd: true })).toBeLessThan(tunnelDead(timers));
    expect(gatewayBlind(timers)).toBeGreaterThan(tunnelDead(timers));
  });

  it('of a tunnel that loses some is the mean of chance', () => {
    // All are lost: four probes, of which the first is half a period away on average.
    expect(tunnelLoses(timers, 1)).toBeCloseTo(tunnelDead(timers), 6);
    expect(tunnelLoses(timers, 0.3)).toBeGreaterThan(tunnelLoses(timers, 0.5));
    // Two in a row of a fair coin take six throws: (6 - 0.5) periods, the last one's patience, and to tell it.
    const two = { ...timers, probeFailures: 2 };
    const half = 1 - Math.sqrt(0.5);
    expect(tunnelLoses(two, half)).toBeLessThan(5.5 * 0.5 + 0.5 + 0.3);
    expect(tunnelLoses(two, half)).toBeGreaterThan(3.5 * 0.5 + 0.5 + 0.3);
  });

  it('is met within a factor of two, or a second', () => {
    expect([isAsPredicted(1, 1.9), isAsPredicted(4, 2.1), isAsPredicted(0.2, 1.1)]).toEqual([true, true, true]);
    expect([isAsPredicted(4, 1.9), isAsPredicted(1.2, 2.5)]).toEqual([false, false]);
  });

  it('of Consul: a leader takes longer than a follower, and both are within five seconds', () => {
    expect(consulServerDies()).toBe(1);
    expect(consulLeaderDies()).toBeCloseTo(3.03, 2);
    expect(allOff(5) - allOff(0)).toBe(5);
    expect(allOff(5)).toBeLessThan(60);
  });
});
