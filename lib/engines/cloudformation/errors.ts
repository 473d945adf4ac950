import { TandemError } from '../../errors/tandem-error.ts';

export function notBootstrapped(account: string, region: string, why: string): TandemError {
  return new TandemError({
    code: 'not-bootstrapped',
    message: `account ${account} is not bootstrapped for the CDK in ${region}: ${why}`,
    next: `\`npx cdk bootstrap aws://${account}/${region}\`, with an administrator's credentials, once`,
    details: { account, region },
  });
}

export function inputsMissing(stack: string, missing: string, from: readonly string[]): TandemError {
  return new TandemError({
    code: 'inputs-missing',
    message: `${stack} is waiting: ${missing} ${from.length === 0 ? '' : `of ${from.join(', ')} `}does not exist yet`,
    next: from.length === 0 ? 'create it first' : `\`tandem deploy ${from.join(' ')} ${stack}\` deploys both in order`,
    details: { stack, missing, from },
  });
}

export function terminationProtected(stack: string, file: string): TandemError {
  return new TandemError({
    code: 'termination-protected',
    message: `${stack} has termination protection, so it is not destroyed`,
    next: `write \`terminationProtection: false\` below \`aws:\` in ${file}, \`tandem deploy ${stack}\`, then destroy it`,
    details: { stack },
  });
}

export function stackBusy(stack: string, status: string, since: string): TandemError {
  return new TandemError({
    code: 'stack-busy',
    message: `another operation on ${stack} is in progress: ${status} since ${since}`,
    next: 'wait until it has finished (the CloudFormation console shows its events), then run again',
    details: { stack, status, since },
  });
}

export function stackStuck(stack: string, status: string, why: string, next: string): TandemError {
  return new TandemError({
    code: 'stack-stuck',
    message: `${stack} is in ${status}${why === '' ? '' : `: ${why}`}`,
    next,
    details: { stack, status },
  });
}

export function stackGone(stack: string): TandemError {
  return new TandemError({
    code: 'stack-gone',
    message: `${stack} does not exist in its account`,
    next: `\`tandem deploy ${stack}\` creates it`,
    details: { stack },
  });
}

export function nowhereToDeploy(stack: string): TandemError {
  return new TandemError({
    code: 'no-aws-environment',
    message: `the account and Region of ${stack} are not configured`,
    next: 'give its Stack an `env` with account and Region, or restore the environment’s file',
    details: { stack },
  });
}

export function assetFailed(stack: string, asset: string, why: string): TandemError {
  return new TandemError({
    code: 'asset-failed',
    message: `${asset} of ${stack} could not be published: ${why}`,
    next: 'the stack was not changed; fix the cause and run again',
    details: { stack, asset },
  });
}

export function assetRunsProgram(stack: string, command: string): TandemError {
  return new TandemError({
    code: 'asset-runs-program',
    message: `an asset of ${stack} is made by running "${command}" while it is published, with the deployer's credentials`,
    next: 'make the file beforehand, and name it as an asset',
    details: { stack },
  });
}

export function notEmptied(bucket: string, refused: number, why: string): TandemError {
  return new TandemError({
    code: 'not-emptied',
    message: `bucket ${bucket} could not be emptied: S3 refused to delete ${refused} of its objects; ${why}`,
    next: 'remove the hold or the retention of these objects, or give the role that deploys s3:DeleteObjectVersion; then run again',
    details: { bucket, refused },
  });
}

export function secretOfAnother(stack: string, name: string, owner: string | undefined): TandemError {
  return new TandemError({
    code: 'secret-of-another',
    message: `${stack} keeps a key in Secrets Manager as ${name}, and a secret of that name is ${owner === undefined ? 'not of Tandem' : `of ${owner}`}`,
    next: `delete it with \`aws secretsmanager delete-secret --secret-id ${name}\` if nothing needs it, or give the link another name`,
    details: { stack, name },
  });
}

export function tunnelNotBack(connection: string, tunnel: string, state: string): TandemError {
  return new TandemError({
    code: 'tunnel-not-back',
    message: `tunnel ${tunnel} of ${connection} got other options and is not back: the connection is ${state}`,
    next: 'see what its gateway says with `tandem link status`; `tandem deploy --resume` goes on with the other tunnels once it is up',
    details: { connection, tunnel, state },
  });
}
