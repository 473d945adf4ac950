import type {
  CreateGroupInput,
  HookSpecification,
  PutScalingPolicyInput,
  ScheduledActionInput,
} from '../../../lib/aws-model/autoscaling-types.ts';
import { MODELS } from '../api/models.ts';
import { fromTemplate } from '../api/template-values.ts';
import { needRolesOf } from '../iam/service-linked-roles.ts';
import type { JsonObject } from '../json.ts';
import { listOf, member, same, strings, text } from '../json.ts';
import { inModel, modelOf } from '../model/model.ts';
import type { Realm } from '../world.ts';
import { property, simple, withName } from './define.ts';
import { refreshInstances } from './instance-refresh.ts';
import type { Making, ResourceType } from './resource-type.ts';

const type = (name: string): string => `AWS::AutoScaling::${name}`;
const SIZES = ['MinSize', 'MaxSize', 'DesiredCapacity'];

interface GroupName {
  readonly AutoScalingGroupName: string;
}

/** The properties as the call of this shape takes them. */
function input(shape: string, { properties }: Pick<Making, 'properties'>, more: object): unknown {
  return fromTemplate(MODELS.autoscaling, shape, { ...properties, ...more });
}

function groupInput({ properties, tags }: Making, AutoScalingGroupName: string): CreateGroupInput {
  const own = listOf(properties['Tags']) as readonly JsonObject[];
  const ofStack = Object.entries(tags).map(([Key, Value]) => ({ Key, Value, PropagateAtLaunch: true }));
  const made = input(
    'CreateAutoScalingGroupType',
    { properties },
    {
      AutoScalingGroupName,
      VPCZoneIdentifier: strings(properties['VPCZoneIdentifier']).join(','),
      DefaultCooldown: properties['Cooldown'],
      Tags: [...ofStack.filter(({ Key }) => own.every((tag) => tag['Key'] !== Key)), ...own].map((tag) => ({
        ...{ ...tag, ResourceId: AutoScalingGroupName, ResourceType: 'auto-scaling-group' },
      })),
    },
  );
  return made as CreateGroupInput;
}

function collectMetrics(realm: Realm, AutoScalingGroupName: string, properties: JsonObject): void {
  for (const collection of listOf(properties['MetricsCollection']) as readonly JsonObject[]) {
    const Metrics = strings(collection['Metrics']);
    modelOf(realm).autoscaling.enableMetricsCollection({
      ...{ AutoScalingGroupName, Granularity: text(collection['Granularity']) ?? '1Minute' },
      ...(Metrics.length > 0 && { Metrics }),
    });
  }
}

/** Sizes that the template leaves as they were stay what they are, where the update policy says so. */
function sizesToLeave({ properties, updatePolicy }: Making, before: JsonObject): readonly string[] {
  const policy = member(updatePolicy, 'AutoScalingScheduledAction');
  if (text(policy['IgnoreUnmodifiedGroupSizeProperties']) !== 'true') return [];
  return SIZES.filter((name) => same(before[name], properties[name]));
}

function arnOf(realm: Realm, name: string): string {
  const [group] = modelOf(realm).autoscaling.describeAutoScalingGroups({
    AutoScalingGroupNames: [name],
  }).AutoScalingGroups;
  return group?.AutoScalingGroupARN ?? '';
}

const warmPoolInput = (making: Making) => input('PutWarmPoolType', making, {}) as GroupName;

const hookInput = (making: Making, LifecycleHookName: string) =>
  input('PutLifecycleHookType', making, { LifecycleHookName }) as HookSpecification & GroupName;

const policyInput = (making: Making, PolicyName: string) =>
  input('PutScalingPolicyType', making, { PolicyName }) as PutScalingPolicyInput;

const actionInput = (making: Making, ScheduledActionName: string) =>
  input('PutScheduledUpdateGroupActionType', making, { ScheduledActionName }) as ScheduledActionInput;

const ofGroup = (making: Making): string => property(making, 'AutoScalingGroupName');

/** Groups and what belongs to them exist in the realm's model: what CloudFormation makes launches instances. */
export const autoScalingTypes: readonly ResourceType[] = [
  simple(type('AutoScalingGroup'), {
    id: withName('AutoScalingGroupName', 255),
    make: (making, id) =>
      inModel(() => {
        const input = groupInput(making, id);
        modelOf(making.realm).autoscaling.createAutoScalingGroup(input);
        needRolesOf(making.realm, input);
        collectMetrics(making.realm, id, making.properties);
      }),
    attributes: ({ realm }, id) => ({ AutoScalingGroupARN: arnOf(realm, id) }),
    update: async ({ physicalId, properties: before, attributes }, making) => {
      const { autoscaling } = modelOf(making.realm);
      inModel(() => {
        const left = sizesToLeave(making, before);
        const { Tags = [], ...wanted } = groupInput(making, physicalId);
        autoscaling.updateAutoScalingGroup({
          ...Object.fromEntries(Object.entries(wanted).filter(([name]) => !left.includes(name))),
          AutoScalingGroupName: physicalId,
        });
        autoscaling.createOrUpdateTags({ Tags });
        collectMetrics(making.realm, physicalId, making.properties);
      });
      await refreshInstances(making, physicalId, before);
      return attributes;
    },
    remove: ({ physicalId }, realm) =>
      inModel(() => {
        modelOf(realm).autoscaling.deleteAutoScalingGroup({ AutoScalingGroupName: physicalId, ForceDelete: true });
      }),
  }),
  simple(type('LifecycleHook'), {
    id: withName('LifecycleHookName', 255),
    make: (making, id) => inModel(() => modelOf(making.realm).autoscaling.putLifecycleHook(hookInput(making, id))),
    update: ({ physicalId }, making) => {
      inModel(() => modelOf(making.realm).autoscaling.putLifecycleHook(hookInput(making, physicalId)));
      return {};
    },
    remove: ({ physicalId, properties }, realm) =>
      ifGroup(realm, properties, (AutoScalingGroupName) =>
        modelOf(realm).autoscaling.deleteLifecycleHook({ AutoScalingGroupName, LifecycleHookName: physicalId }),
      ),
  }),
  simple(type('WarmPool'), {
    id: ofGroup,
    make: (making) => inModel(() => modelOf(making.realm).autoscaling.putWarmPool(warmPoolInput(making))),
    update: (_, making) => {
      inModel(() => modelOf(making.realm).autoscaling.putWarmPool(warmPoolInput(making)));
      return {};
    },
    remove: ({ properties }, realm) =>
      ifGroup(realm, properties, (AutoScalingGroupName) =>
        modelOf(realm).autoscaling.deleteWarmPool({ AutoScalingGroupName, ForceDelete: true }),
      ),
  }),
  simple(type('ScalingPolicy'), {
    id: (making) => {
      const wanted = policyInput(making, withName('PolicyName', 255)(making));
      return inModel(() => modelOf(making.realm).autoscaling.putScalingPolicy(wanted)).PolicyARN;
    },
    attributes: (_, id) => ({ Arn: id, PolicyName: policyName(id) }),
    update: ({ physicalId, attributes }, making) => {
      inModel(() => modelOf(making.realm).autoscaling.putScalingPolicy(policyInput(making, policyName(physicalId))));
      return attributes;
    },
    remove: ({ physicalId, properties }, realm) =>
      ifGroup(realm, properties, (AutoScalingGroupName) =>
        modelOf(realm).autoscaling.deletePolicy({ AutoScalingGroupName, PolicyName: policyName(physicalId) }),
      ),
  }),
  simple(type('ScheduledAction'), {
    id: (making) => making.name(255),
    make: (making, id) =>
      inModel(() => modelOf(making.realm).autoscaling.putScheduledUpdateGroupAction(actionInput(making, id))),
    update: ({ physicalId, attributes }, making) => {
      inModel(() => modelOf(making.realm).autoscaling.putScheduledUpdateGroupAction(actionInput(making, physicalId)));
      return attributes;
    },
    attributes: (_, id) => ({ ScheduledActionName: id }),
    remove: ({ physicalId, properties }, realm) =>
      ifGroup(realm, properties, (AutoScalingGroupName) =>
        modelOf(realm).autoscaling.deleteScheduledAction({ AutoScalingGroupName, ScheduledActionName: physicalId }),
      ),
  }),
];

const policyName = (arn: string): string => arn.split('policyName/')[1] ?? '';

/** What belongs to a group goes with it. */
function ifGroup(realm: Realm, properties: JsonObject, run: (group: string) => void): void {
  const group = text(properties['AutoScalingGroupName']) ?? '';
  if (arnOf(realm, group) !== '') inModel(() => run(group));
}
