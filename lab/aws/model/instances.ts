import type { GroupInstance, LifecycleState } from '../../../lib/aws-model/autoscaling-types.ts';
import type { Instance } from '../../../lib/aws-model/ec2-types.ts';
import { AwsError } from '../aws-error.ts';
import type { Realm } from '../world.ts';
import { inModel, modelOf } from './model.ts';

/** One instance of a realm, as it is whenever it is asked. */
export class LabInstance {
  readonly id: string;
  readonly #realm: Realm;

  constructor(realm: Realm, id: string) {
    this.#realm = realm;
    this.id = id;
  }

  /** As EC2 describes it; undefined once EC2 has forgotten it. */
  get machine(): Instance | undefined {
    const Filters = [{ Name: 'instance-id', Values: [this.id] }];
    return modelOf(this.#realm).ec2.describeInstances({ Filters }).Reservations[0]?.Instances[0];
  }

  get state(): LifecycleState {
    return this.#member?.LifecycleState ?? 'Terminated';
  }

  get protectedFromScaleIn(): boolean {
    return this.#member?.ProtectedFromScaleIn ?? false;
  }

  get #member(): GroupInstance | undefined {
    return modelOf(this.#realm).autoscaling.describeAutoScalingInstances({ InstanceIds: [this.id] })
      .AutoScalingInstances[0];
  }
}

/** Has a group launch one more instance; it may be pending still, or wait in a hook. */
export function launchOne(realm: Realm, group: string): LabInstance {
  const model = modelOf(realm);
  const { autoscaling } = model;
  const described = () => {
    const [found] = autoscaling.describeAutoScalingGroups({ AutoScalingGroupNames: [group] }).AutoScalingGroups;
    if (found === undefined) throw new AwsError('ValidationError', `AutoScalingGroup name not found - ${group}`);
    return found;
  };
  const before = described();
  const known = new Set(before.Instances.map(({ InstanceId }) => InstanceId));
  const DesiredCapacity = before.DesiredCapacity + 1;
  const MaxSize = Math.max(before.MaxSize, DesiredCapacity);
  inModel(() => autoscaling.updateAutoScalingGroup({ AutoScalingGroupName: group, MaxSize, DesiredCapacity }));
  for (;;) {
    const fresh = described().Instances.find(({ InstanceId }) => !known.has(InstanceId));
    if (fresh !== undefined) return new LabInstance(realm, fresh.InstanceId);
    const next = model.nextEventAt();
    if (next === undefined) throw new AwsError('InternalFailure', `${group} launches nothing`, 500);
    // The group decides within moments, of which nobody should have to know.
    model.advanceTo(next);
  }
}

/** Scales one instance in: its terminating hooks run. */
export function terminateOne(realm: Realm, InstanceId: string): void {
  inModel(() =>
    modelOf(realm).autoscaling.terminateInstanceInAutoScalingGroup({
      InstanceId,
      ShouldDecrementDesiredCapacity: true,
    }),
  );
}

/** Spot's notice; by default its two minutes. */
export function interruptOne(realm: Realm, instanceId: string, seconds = 120): void {
  inModel(() => modelOf(realm).world.interruptSpot([instanceId], seconds));
}
