import type { CfnTag } from 'aws-cdk-lib';

/** The tag that the console shows as a name. */
export function nameTag(name: string): CfnTag {
  return { key: 'Name', value: name };
}
