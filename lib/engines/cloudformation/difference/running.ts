import { CAUTION } from '../../../plan/difference/stateful.ts';
import type { BareChange } from '../../../plan/model.ts';
import { isRecord } from '../../../text/json.ts';

type Template = Readonly<Record<string, unknown>>;

const GROUP = 'AWS::AutoScaling::AutoScalingGroup';
/** Properties that say how an instance is launched: the first two of them, and subnets, are what updates of running instances look at. */
const LAUNCHED_BY = new Set(['LaunchTemplate', 'MixedInstancesPolicy', 'LaunchConfigurationName', 'InstanceId']);
const PLACED_BY = new Set([...LAUNCHED_BY, 'VPCZoneIdentifier']);
/** Those of CloudFormation: StartInstanceRefresh has others. https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-updatepolicy.html */
const REFRESH = { Rolling: [100, 110], ReplaceRootVolume: [90, 100] } as const;

/** What a group whose instances are launched differently from now on does with those that run, by its update policy. */
export function withRunning(change: BareChange, resource: unknown): BareChange {
  if (change.type !== GROUP || change.noise || change.action !== 'update') return change;
  const found = isRecord(resource) ? resource['UpdatePolicy'] : undefined;
  const policy = isRecord(found) ? found : {};
  const outdates = 'AutoScalingInstanceRefresh' in policy ? PLACED_BY : LAUNCHED_BY;
  if (!change.attributes.some(({ path }) => outdates.has(path.split('.', 1)[0] ?? ''))) return change;
  return { ...change, reasons: [...change.reasons, runningText(policy)] };
}

function runningText(policy: Template): string {
  const replacing = policy['AutoScalingReplacingUpdate'];
  if (isRecord(replacing) && String(replacing['WillReplace']) === 'true')
    return `${CAUTION}the group is replaced as a whole, and all its instances with it (AutoScalingReplacingUpdate)`;
  const refresh = policy['AutoScalingInstanceRefresh'];
  if (isRecord(refresh)) return refreshText(refresh);
  const rolling = policy['AutoScalingRollingUpdate'];
  if (!isRecord(rolling)) return 'running instances stay as they were launched, until they are replaced';
  const batch = numberOr(rolling['MaxBatchSize'], 1);
  const least = numberOr(rolling['MinInstancesInService'], 0);
  return `${CAUTION}running instances are replaced, ${batch} at once, with at least ${least} in service (AutoScalingRollingUpdate)`;
}

function refreshText({ Strategy, Preferences }: Template): string {
  const isInPlace = Strategy === 'ReplaceRootVolume';
  const [least, most] = REFRESH[isInPlace ? 'ReplaceRootVolume' : 'Rolling'];
  const given = isRecord(Preferences) ? Preferences : {};
  const percents = `with ${numberOr(given['MinHealthyPercentage'], least)} to ${numberOr(given['MaxHealthyPercentage'], most)} % of them healthy`;
  const what = isInPlace ? 'root volumes of running instances are replaced' : 'running instances are replaced';
  return `${CAUTION}${what} by an instance refresh, ${percents}; the deploy waits for its end (AutoScalingInstanceRefresh)`;
}

/** A number may be written as text, or be a function that nobody has asked yet. */
function numberOr(value: unknown, otherwise: number): string {
  if (value === undefined) return String(otherwise);
  return typeof value === 'number' || typeof value === 'string' ? String(value) : 'as many as CloudFormation finds';
}
