import { AwsError } from '../aws-error.ts';
import type { Realm } from '../world.ts';
import { inModel, modelOf } from './model.ts';

/** Has the model answer a call of the same name. */
export function callModel(
  realm: Realm,
  service: 'ec2' | 'autoscaling' | 'cloudwatch',
  name: string,
  input: object,
): unknown {
  const calls = modelOf(realm)[service] as unknown as Readonly<Record<string, (input: object) => unknown>>;
  const method = `${name.charAt(0).toLowerCase()}${name.slice(1)}`;
  if (calls[method] === undefined) throw new AwsError('UnsupportedOperation', `lab/aws does not support ${name} yet`);
  return inModel(() => calls[method]?.(input));
}
