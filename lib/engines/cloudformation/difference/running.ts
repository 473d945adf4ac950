import { isMap } from '../../../plan/difference/json.ts';
import { CAUTION } from '../../../plan/difference/stateful.ts';
import type { BareChange } from '../../../plan/model.ts';

type Template = Readonly<Record<string, unknown>>;

const GROUP = 'AWS::AutoScaling::AutoScalingGroup';
/** Properties that say how an instance is launched: the first two of them, and subnets, are what a rolling update looks at. */
const LAUNCHED_BY = new Set(['LaunchTemplate', 'MixedInstancesPolicy', 'LaunchConfigurationName', 'InstanceId']);

/** What a group whose instances are launched differently from now on does with those that run, by its update policy. */
export function withRunning(change: BareChange, resource: unknown): BareChange {
  if (change.type !== GROUP || change.noise || change.action !== 'update') return change;
  if (!change.attributes.some(({ path }) => LAUNCHED_BY.has(path.split('.', 1)[0] ?? ''))) return change;
  const policy = isMap(resource) ? resource['UpdatePolicy'] : undefined;
  return { ...change, reasons: [...change.reasons, runningText(isMap(policy) ? policy : {})] };
}

function runningText(policy: Template): string {
  const replacing = policy['AutoScalingReplacingUpdate'];
  if (isMap(replacing) && String(replacing['WillReplace']) === 'true')
    return `${CAUTION}the group is replaced as a whole, and all its instances with it (AutoScalingReplacingUpdate)`;
  const rolling = policy['AutoScalingRollingUpdate'];
  if (!isMap(rolling)) return 'running instances stay as they were launched, until they are replaced';
  const batch = numberOr(rolling['MaxBatchSize'], 1);
  const least = numberOr(rolling['MinInstancesInService'], 0);
  return `${CAUTION}running instances are replaced, ${batch} at once, with at least ${least} in service (AutoScalingRollingUpdate)`;
}

/** A number may be written as text, or be a function that nobody has asked yet. */
function numberOr(value: unknown, otherwise: number): string {
  if (value === undefined) return String(otherwise);
  return typeof value === 'number' || typeof value === 'string' ? String(value) : 'as many as CloudFormation finds';
}
