import type { fromNodeProviderChain } from '@aws-sdk/credential-providers';
import type { Entity } from '../config/project.ts';
import type { Environment } from '../config/schema/environment.ts';

/** Gives keys, and renews them before they end. */
export type Credentials = ReturnType<typeof fromNodeProviderChain>;

/** Where a stack lives, as its configuration says. */
export interface AwsTarget {
  /** Environment whose account this is, or the stack's own name: what errors speak of. */
  readonly environment: string;
  readonly account: string;
  readonly region: string;
  /** Name of the IAM role that deploys; undefined where the caller's own credentials do. */
  readonly role: string | undefined;
}

/** An account and Region, reached by credentials that were compared with what the configuration names. */
export interface AwsConnection {
  readonly account: string;
  readonly region: string;
  /** `aws`, `aws-cn`, `aws-us-gov`. */
  readonly partition: string;
  /** Of the session that acts, as STS says. */
  readonly arn: string;
  /** Of the role that deploys. */
  readonly credentials: Credentials;
}

/** Where an environment of the configuration is. */
export function targetOf({ name, value }: Pick<Entity<Environment>, 'name' | 'value'>): AwsTarget {
  const { account, region, role } = value.aws;
  return { environment: name, account, region, role };
}
