import type { MixedInstancesPolicy } from '../../../lib/aws-model/autoscaling-types.ts';
import type { RefreshPreferences } from '../../../lib/aws-model/refresh-types.ts';
import { MODELS } from '../api/models.ts';
import { fromTemplate } from '../api/template-values.ts';
import { AwsError } from '../aws-error.ts';
import type { JsonObject } from '../json.ts';
import { member, same, text } from '../json.ts';
import { inModel, modelOf } from '../model/model.ts';
import type { Making } from './resource-type.ts';

/** Properties whose change makes instances that are there outdated. */
const OUTDATING = ['LaunchTemplate', 'MixedInstancesPolicy', 'VPCZoneIdentifier'];
const SECONDS = 15;
/** CloudFormation's, which are not those of StartInstanceRefresh. */
const DEFAULTS: Readonly<Record<string, RefreshPreferences>> = {
  Rolling: { MinHealthyPercentage: 100, MaxHealthyPercentage: 110 },
  ReplaceRootVolume: { MinHealthyPercentage: 90, MaxHealthyPercentage: 100 },
};

/**
 * `UpdatePolicy.AutoScalingRollingUpdate` without signals: batch after batch is replaced. Here by a refresh of instances that keeps as many in
 * service as the policy asks for; its pauses are not waited for.
 */
function rollingPolicy(policy: JsonObject, { properties }: Pick<Making, 'properties'>): JsonObject | undefined {
  const rolling = member(policy, 'AutoScalingRollingUpdate');
  if (Object.keys(rolling).length === 0) return undefined;
  const kept = Number(text(rolling['MinInstancesInService']) ?? 0);
  const all = Math.max(1, Number(text(properties['MaxSize']) ?? 1));
  return { Preferences: { MinHealthyPercentage: Math.floor((100 * kept) / all), MaxHealthyPercentage: 100 } };
}

/**
 * `UpdatePolicy.AutoScalingInstanceRefresh` and `AutoScalingRollingUpdate`: starts a refresh after an update that outdates instances, and ends with it
 * (AWSCloudFormation/latest/TemplateReference/aws-attribute-updatepolicy.html). @throws AwsError if the refresh does not succeed
 */
export async function refreshInstances(
  { realm, properties, updatePolicy }: Making,
  AutoScalingGroupName: string,
  before: JsonObject,
): Promise<void> {
  const rolling = rollingPolicy(updatePolicy, { properties });
  const policy = rolling ?? member(updatePolicy, 'AutoScalingInstanceRefresh');
  if (Object.keys(policy).length === 0 || OUTDATING.every((name) => same(before[name], properties[name]))) return;
  const asked = fromTemplate(MODELS.autoscaling, 'StartInstanceRefreshType', policy) as {
    readonly Strategy?: string;
    readonly Preferences?: RefreshPreferences;
  };
  const DesiredConfiguration = fromTemplate(MODELS.autoscaling, 'DesiredConfiguration', properties) as {
    readonly MixedInstancesPolicy?: MixedInstancesPolicy;
  };
  const { autoscaling } = modelOf(realm);
  const { InstanceRefreshId } = inModel(() =>
    autoscaling.startInstanceRefresh({
      ...asked,
      ...{ AutoScalingGroupName, DesiredConfiguration },
      Preferences: { ...DEFAULTS[asked.Strategy ?? 'Rolling'], SkipMatching: true, ...asked.Preferences },
    }),
  );
  for (;;) {
    await realm.world.clock.sleep(SECONDS * 1000);
    const [refresh] = modelOf(realm).autoscaling.describeInstanceRefreshes({
      AutoScalingGroupName,
      InstanceRefreshIds: [InstanceRefreshId],
    }).InstanceRefreshes;
    if (refresh?.Status === 'Successful') return;
    if (refresh !== undefined && /^(Failed|Cancelled|Rollback(Failed|Successful))$/.test(refresh.Status)) {
      const reason = text(refresh.StatusReason) ?? '';
      throw new AwsError(
        'ValidationError',
        `Instance refresh ${InstanceRefreshId} ended as ${refresh.Status}. ${reason}`,
      );
    }
  }
}
