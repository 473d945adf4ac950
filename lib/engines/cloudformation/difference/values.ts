import { isRecord } from '../../../text/json.ts';

/** Whether a map is a function of CloudFormation, such as `{"Ref": "Vpc"}`. */
export function isIntrinsic(value: object): boolean {
  const keys = Object.keys(value);
  return keys.length === 1 && (keys[0] === 'Ref' || keys[0]?.startsWith('Fn::') === true);
}

/** Whether anything in the value is known only to CloudFormation. */
export function holdsIntrinsic(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(holdsIntrinsic);
  return isRecord(value) && (isIntrinsic(value) || Object.values(value).some(holdsIntrinsic));
}

/** Lists of these names have no order to CloudFormation. */
const SETS = new Set([
  'Tags',
  'SecurityGroupIngress',
  'SecurityGroupEgress',
  'SecurityGroupIds',
  'VPCSecurityGroups',
  'ManagedPolicyArns',
  'Policies',
  'Statement',
  'Action',
  'NotAction',
  'Resource',
  'NotResource',
  'SubnetIds',
  'AvailabilityZones',
  'AttributeDefinitions',
]);

export function isSet(path: string): boolean {
  return SETS.has(path.slice(path.lastIndexOf('.') + 1));
}

/** The same value with every content hash masked: what is equal then differs only by hashes. */
export function withoutHashes(value: unknown): string {
  return JSON.stringify(value ?? null).replace(/\b[0-9a-f]{32,}\b/g, '#');
}
