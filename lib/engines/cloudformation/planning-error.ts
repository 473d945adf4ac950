import { readFailure, toAwsError } from '../../aws-api/aws-error.ts';
import type { AwsConnection } from '../../aws-api/connection.ts';
import { TandemError } from '../../errors/tandem-error.ts';
import type { SynthesizedStack } from '../../stack/synthesized.ts';
import { stackFailed } from '../errors.ts';
import { ChangeSetFailed } from './change-set.ts';
import { inputsMissing, notBootstrapped } from './errors.ts';
import { faultOfCall } from './faults.ts';

/** What a refused change set means to people: no bootstrap, inputs that do not exist yet, or a template that AWS does not take. */
export function planningError(
  error: unknown,
  stack: Pick<SynthesizedStack, 'id' | 'unresolvedInputs' | 'dependsOn'>,
  { account, region }: Pick<AwsConnection, 'account' | 'region'>,
): Error {
  if (error instanceof TandemError) return error;
  const { name, message } = readFailure(error);
  const parameters = /Unable to fetch parameters \[([^\]]*)\]/.exec(message)?.[1];
  if (/\/cdk-bootstrap\/\w+\/version/.test(parameters ?? ''))
    return notBootstrapped(account, region, `there is no parameter ${parameters ?? ''}`);
  if (/role\/cdk-\w+-cfn-exec-role-\S+ is invalid or cannot be assumed/i.test(message))
    return notBootstrapped(account, region, message);
  if (parameters !== undefined) {
    const unresolvedInputs = stack.unresolvedInputs.map((input) => input.name).join(', ');
    const from = [...new Set([...stack.unresolvedInputs.map((input) => input.from), ...stack.dependsOn])];
    return inputsMissing(
      stack.id,
      unresolvedInputs === '' ? `parameter ${parameters}` : `${unresolvedInputs} (${parameters})`,
      from,
    );
  }
  const isJudged = error instanceof ChangeSetFailed || name === 'ValidationError';
  if (!isJudged) return toAwsError('cloudformation:CreateChangeSet', error);
  return stackFailed(stack.id, 'planning', [faultOfCall('cloudformation:CreateChangeSet', error)], 1);
}
