import { changeLimits } from './buckets.ts';
import type { Context } from './context.ts';
import { interrupt } from './ec2/calls.ts';
import { needMachines } from './ec2/machines.ts';
import { capacityKey, subnetState } from './ec2/supply.ts';
import type { WorldControls } from './types.ts';

/** What AWS has no call for. */
export function worldControls(context: Context): WorldControls {
  const { ec2, settings } = context.state;
  return {
    setCapacity({ zone, type, purchase, available }) {
      const key = capacityKey(zone, type, purchase);
      if (available === Number.POSITIVE_INFINITY) ec2.capacity.delete(key);
      else ec2.capacity.set(key, available);
    },
    impair(instanceId, check) {
      for (const machine of needMachines(context, [instanceId]))
        machine.impaired = check === undefined ? undefined : { check, since: context.state.now };
    },
    interruptSpot(instanceIds, seconds = 120) {
      for (const machine of needMachines(context, instanceIds)) interrupt(context, machine, seconds);
    },
    recommendRebalance(instanceIds) {
      for (const machine of needMachines(context, instanceIds)) {
        machine.rebalanceAt = context.state.now;
        context.emit({ type: 'rebalance-recommendation', instanceId: machine.id });
      }
    },
    setDeadBoots(share) {
      settings.deadBoots = share;
    },
    setQuota(purchase, vcpus) {
      ec2.quotas.set(purchase, vcpus);
    },
    setLimits(limits) {
      changeLimits(context, limits);
    },
    addSubnet(subnet) {
      ec2.subnets.set(subnet.SubnetId, subnetState(subnet));
    },
  };
}
