import { describe, expect, it } from 'vitest';
import { bareFleet } from '../../../../lib/simulate/baselines/bare-fleet.ts';
import { loadDecide } from '../../../../lib/simulate/policy/tandem.ts';
import { contendersOf } from '../../../../lib/simulate/report/contenders.ts';

const decide = await loadDecide();
const fleet = bareFleet({ minimum: 2, maximum: 30 });
const named = {
  ...fleet,
  group: { ...fleet.group, AutoScalingGroupName: 'acme-prod-workers', CapacityRebalance: true },
  schedules: [{ AutoScalingGroupName: 'acme-prod-workers', ScheduledActionName: 'night', MinSize: 1 }],
};
const options = { backlogPerInstance: 4, warmupSeconds: 120, slots: 1, decide };

describe('those that a report compares', () => {
  it('begin with the environment as it is, and have its group, with policies of their own', () => {
    const [configured, ...others] = contendersOf(named, options);
    expect(configured).toMatchObject({ name: 'configured', isConfigured: true, fleet: named, policy: undefined });
    expect(others.map(({ name }) => name)).toEqual(['tandem', 'target-tracking', 'step-scaling', 'predictive']);
    for (const { fleet: other } of others) {
      expect(other.group).toMatchObject({ MinSize: 2, MaxSize: 30, CapacityRebalance: true });
      expect(other.schedules).toEqual([]);
      for (const policy of other.policies) expect(policy.AutoScalingGroupName).toBe(other.group.AutoScalingGroupName);
    }
  });

  it('have the function of an environment with a scaler, with its settings', () => {
    const decided: unknown[] = [];
    const spy: typeof decide = (state, observation, settings) => {
      decided.push(settings);
      return decide(state, observation, settings);
    };
    const scaler = { waitSeconds: 7, idleSeconds: 8 };
    const [configured] = contendersOf(named, { ...options, decide: spy, scaler, policies: ['configured'] });
    configured?.policy?.decide({
      ...{ now: 0, waiting: 1, running: 0, ended: 0, meanSeconds: 0 },
      ...{ desired: 2, inService: 2, minimum: 2, maximum: 30 },
    });
    expect(decided).toEqual([{ ...scaler, bootSeconds: 120, slots: 1 }]);
  });

  it('are each there once, and fail by a name that is not known', () => {
    const names = contendersOf(named, { ...options, policies: ['tandem', 'configured', 'tandem'] }).map(
      ({ name }) => name,
    );
    expect(names).toEqual(['configured', 'tandem']);
    expect(() => contendersOf(named, { ...options, policies: ['tandm'] })).toThrow(
      expect.objectContaining({ code: 'no-such-scaling-policy', next: 'did you mean tandem?' }),
    );
  });
});
