import { changeLimits } from './buckets.ts';
import type { Context } from './context.ts';
import { interrupt } from './ec2/calls.ts';
import type { Machine } from './ec2/state.ts';
import { capacityKey, freeAddresses, giveAddressBack, needSubnet, subnetState, takeAddress } from './ec2/supply.ts';
import { interfaceInUse, noAddresses, noSuchInstances, noSuchInterface } from './faults.ts';
import type { WorldControls } from './types.ts';

/** What AWS has no call for. */
export function worldControls(context: Context): WorldControls {
  const { ec2, settings } = context.state;
  // Whoever acts on the account itself sees all of it at once.
  const machines = (ids: readonly string[]): Machine[] =>
    ids.map((id) => {
      const machine = ec2.machines.get(id);
      if (machine === undefined) throw noSuchInstances([id]);
      return machine;
    });
  return {
    setCapacity({ zone, type, purchase, available }) {
      const key = capacityKey(zone, type, purchase);
      if (available === Number.POSITIVE_INFINITY) ec2.capacity.delete(key);
      else ec2.capacity.set(key, available);
    },
    impair(instanceId, check) {
      for (const machine of machines([instanceId]))
        machine.impaired = check === undefined ? undefined : { check, since: context.state.now };
    },
    interruptSpot(instanceIds, seconds = 120) {
      for (const machine of machines(instanceIds)) interrupt(context, machine, seconds);
    },
    recommendRebalance(instanceIds) {
      for (const machine of machines(instanceIds)) {
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
    setOffering({ zone, type, offered }) {
      if (offered) ec2.unoffered.delete(`${zone}/${type}`);
      else ec2.unoffered.set(`${zone}/${type}`, true);
    },
    setImage(image) {
      ec2.images.set(image.ImageId, image);
    },
    addInterface(id, subnetId) {
      const subnet = needSubnet(context, subnetId);
      if (freeAddresses(subnet) < 1) throw noAddresses(subnetId);
      const address = takeAddress(subnet);
      ec2.interfaces.set(id, { id, subnet: subnetId, address });
      return address;
    },
    removeInterface(id) {
      const found = ec2.interfaces.get(id);
      if (found === undefined) throw noSuchInterface(id);
      if (found.machine !== undefined) throw interfaceInUse(id);
      giveAddressBack(needSubnet(context, found.subnet), found.address);
      ec2.interfaces.delete(id);
    },
    addSubnet(subnet) {
      ec2.subnets.set(subnet.SubnetId, subnetState(subnet));
    },
  };
}
