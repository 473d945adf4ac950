import type { AutoScalingClient } from '@aws-sdk/client-auto-scaling';
import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import type { EC2Client } from '@aws-sdk/client-ec2';
import type { IAMClient } from '@aws-sdk/client-iam';
import type { ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import type { SQSClient } from '@aws-sdk/client-sqs';
import type { SSMClient } from '@aws-sdk/client-ssm';
import { expect } from 'vitest';

/** An account that nobody has used, at something that speaks as AWS does. */
export interface Target {
  readonly ec2: EC2Client;
  readonly autoscaling: AutoScalingClient;
  readonly cloudwatch: CloudWatchClient;
  readonly iam: IAMClient;
  readonly quotas: ServiceQuotasClient;
  readonly sqs: SQSClient;
  readonly ssm: SSMClient;
  /** One in each of three zones. */
  readonly subnets: readonly { readonly id: string; readonly zone: string }[];
  /** Lets time pass. Of a target whose time can't be moved, little passes: such targets do at once what AWS does later. */
  pass(seconds: number): Promise<void>;
  /** How often it is looked whether something came by itself, ten seconds apart. */
  readonly tries: number;
  /** The target's time, in milliseconds since 1970. */
  now(): number;
}

/** One thing that AWS does, as its documentation says. */
export interface Rule {
  readonly says: string;
  /** Below docs.aws.amazon.com. */
  readonly source: string;
  readonly run: (target: Target) => Promise<void>;
}

export function rule(says: string, source: string, run: Rule['run']): Rule {
  return { says, source, run };
}

/** The call is refused with this code. */
export async function refused(call: Promise<unknown>, code: string | RegExp, words?: RegExp): Promise<void> {
  const answer = await call.then(
    () => 'accepted',
    (error: unknown) => error as Error,
  );
  if (typeof answer === 'string') expect(answer, `must be refused with ${String(code)}`).toBe('refused');
  else {
    expect(answer.name).toMatch(typeof code === 'string' ? new RegExp(`^${code}$`) : code);
    if (words !== undefined) expect(answer.message).toMatch(words);
  }
}

/** Lets time pass until it holds. */
export async function until(target: Target, what: string, holds: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < target.tries; tries += 1) {
    if (await holds()) return;
    await target.pass(10);
  }
  expect.fail(`never came to be: ${what}`);
}
