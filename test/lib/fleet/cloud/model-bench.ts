import type { AwsModel } from '../../../../lib/aws-model/model.ts';
import type { Bench } from './contract.ts';

type Controls = Pick<Bench, 'impair' | 'capacity' | 'quota' | 'warmPool' | 'refresh' | 'protect'>;

/** What both benches do to the model that stands under them. */
export function controlsOf(AutoScalingGroupName: string, model: () => AwsModel): Controls {
  const group = { AutoScalingGroupName };
  return {
    impair: (id, check) => model().world.impair(id, check),
    capacity: (zone, available) => model().world.setCapacity({ zone, available }),
    quota: (vcpus) => model().world.setQuota('on-demand', vcpus),
    warmPool(MinSize) {
      model().autoscaling.putWarmPool({ ...group, MinSize, PoolState: 'Stopped', MaxGroupPreparedCapacity: 0 });
    },
    refresh(what) {
      const { autoscaling } = model();
      if (what === 'start') autoscaling.startInstanceRefresh({ ...group, Preferences: { SkipMatching: false } });
      else autoscaling.cancelInstanceRefresh(group);
    },
    protect(id, ProtectedFromScaleIn) {
      model().autoscaling.setInstanceProtection({ ...group, InstanceIds: [id], ProtectedFromScaleIn });
    },
  };
}
