import {
  DetachInstancesCommand,
  ResumeProcessesCommand,
  SetDesiredCapacityCommand,
  SetInstanceHealthCommand,
  SuspendProcessesCommand,
  TerminateInstanceInAutoScalingGroupCommand,
} from '@aws-sdk/client-auto-scaling';
import {
  CreateReplaceRootVolumeTaskCommand,
  RebootInstancesCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import type { OpenFleetClients } from '../../aws-api/fleet-clients.ts';
import { type Api, CloudFault, type FleetCloud } from '../cloud.ts';
import { bootsOf, launchFaultsOf, recentActivities } from './activities.ts';
import { toCloudFault } from './faults.ts';
import { freeAddresses, instancesLeft, typesOf } from './headroom.ts';
import { describeGroup, lookAt, type Place } from './look.ts';
import { jobSeconds, measure } from './measure.ts';
import { runCommand } from './run-command.ts';

export interface AwsCloudProps extends Omit<Place, 'clients'> {
  readonly clients: OpenFleetClients;
}

/** The fleet of an environment, in AWS. */
export function awsCloud({ clients, ...rest }: AwsCloudProps): FleetCloud {
  const { ec2, autoScaling } = clients.acting;
  const place: Place = { ...rest, clients: clients.looking };
  const AutoScalingGroupName = rest.parts.group;
  const inGroup = (ids: readonly string[]): Promise<string[]> => members(place, ids);

  return {
    look: (detached = [], signal) => call('DescribeFleet', () => lookAt(place, { detached, whole: true, signal })),
    launchFaults: (since) =>
      call('DescribeFleet', async () =>
        launchFaultsOf(await recentActivities(place.clients, place.parts.group), since),
      ),
    headroom: () =>
      call('DescribeFleet', async () => {
        const [group, measured] = await Promise.all([describeGroup(place), measure(place)]);
        const addresses = await freeAddresses(place.clients, group);
        return { instances: instancesLeft(group, measured, typesOf(group)), addresses };
      }),
    queues: () => call('DescribeFleet', async () => (await measure(place)).queues),
    observed: () =>
      call('DescribeFleet', async () => {
        const [activities, jobs] = await Promise.all([
          recentActivities(place.clients, place.parts.group),
          jobSeconds(place),
        ]);
        return { boots: bootsOf(activities), jobs };
      }),

    command: (ids, command) => call('SendCommand', () => runCommand(clients, ids, command)),
    reboot: (ids) =>
      call('RebootInstances', () => ec2.send(new RebootInstancesCommand({ InstanceIds: [...ids] }))).then(done),
    replaceRootVolume: (InstanceId, ClientToken, image) =>
      call('CreateReplaceRootVolumeTask', () =>
        ec2.send(
          new CreateReplaceRootVolumeTaskCommand({
            ...{ InstanceId, ClientToken, DeleteReplacedRootVolume: true },
            ...(image === undefined ? {} : { ImageId: image }),
          }),
        ),
      ).then(done),
    detach: (ids, ShouldDecrementDesiredCapacity) =>
      withoutGone(
        'DetachInstances',
        ids,
        (InstanceIds) =>
          autoScaling.send(
            new DetachInstancesCommand({ AutoScalingGroupName, InstanceIds, ShouldDecrementDesiredCapacity }),
          ),
        inGroup,
      ),
    terminate: (ids) =>
      withoutGone(
        'TerminateInstances',
        ids,
        (InstanceIds) => ec2.send(new TerminateInstancesCommand({ InstanceIds })),
        unnamed,
      ),
    terminateInGroup: (id, ShouldDecrementDesiredCapacity) =>
      withoutGone(
        'TerminateInstanceInAutoScalingGroup',
        [id],
        () =>
          autoScaling.send(
            new TerminateInstanceInAutoScalingGroupCommand({ InstanceId: id, ShouldDecrementDesiredCapacity }),
          ),
        inGroup,
      ),
    markUnhealthy: (InstanceId) =>
      call('SetInstanceHealth', () =>
        autoScaling.send(
          new SetInstanceHealthCommand({ InstanceId, HealthStatus: 'Unhealthy', ShouldRespectGracePeriod: false }),
        ),
      ).then(done),
    setDesired: (DesiredCapacity) =>
      call('SetDesiredCapacity', () =>
        autoScaling.send(
          new SetDesiredCapacityCommand({ AutoScalingGroupName, DesiredCapacity, HonorCooldown: false }),
        ),
      ).then(done),
    suspend: (processes) =>
      call('SuspendProcesses', () =>
        autoScaling.send(new SuspendProcessesCommand({ AutoScalingGroupName, ScalingProcesses: [...processes] })),
      ).then(done),
    resume: (processes) =>
      call('ResumeProcesses', () =>
        autoScaling.send(new ResumeProcessesCommand({ AutoScalingGroupName, ScalingProcesses: [...processes] })),
      ).then(done),
  };
}

const done = (): void => undefined;

async function call<T>(api: Api, send: () => Promise<T>): Promise<T> {
  try {
    return await send();
  } catch (error) {
    throw toCloudFault(api, error);
  }
}

/**
 * AWS refuses a whole call for one id that it does not know (any more), or that is on its way already. What is gone is what was asked for,
 * so the call is made again for the others.
 * @param leftOf - Those of the ids that are still to be done, after a refusal
 */
async function withoutGone(
  api: Api,
  ids: readonly string[],
  send: (ids: string[]) => Promise<unknown>,
  leftOf: (ids: readonly string[], fault: CloudFault) => string[] | Promise<string[]>,
): Promise<void> {
  let left = [...ids];
  while (left.length > 0) {
    try {
      await call(api, () => send(left));
      return;
    } catch (error) {
      if (!(error instanceof CloudFault) || !['not-found', 'refused'].includes(error.facts.kind)) throw error;
      const others = await leftOf(left, error);
      if (others.length === left.length) throw error;
      left = others;
    }
  }
}

/** EC2 names those that it does not know; one that it refuses to terminate, because it is protected, stays. */
function unnamed(ids: readonly string[], { facts }: CloudFault): string[] {
  return facts.kind === 'not-found' ? ids.filter((id) => facts.ids?.includes(id) !== true) : [...ids];
}

/** Auto Scaling's words tell too little: its group does. */
async function members(place: Place, ids: readonly string[]): Promise<string[]> {
  const { Instances = [] } = await call('DescribeFleet', () => describeGroup(place));
  const stays = Instances.filter(({ LifecycleState = '' }) => !/^(Detach|Terminat)/.test(LifecycleState));
  return ids.filter((id) => stays.some(({ InstanceId }) => InstanceId === id));
}
