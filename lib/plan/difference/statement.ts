import { isRecord } from '../../text/json.ts';

/** A statement of a policy: IAM, resource policies, key policies. */
export function isStatement(value: unknown): value is Readonly<Record<string, unknown>> {
  return isRecord(value) && (value['Effect'] === 'Allow' || value['Effect'] === 'Deny');
}
