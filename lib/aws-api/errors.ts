import { TandemError } from '../errors/tandem-error.ts';

/** Facts of a refused AWS request; the request id is what AWS support asks for. */
export interface AwsRequestFacts {
  /** `cloudformation:CreateChangeSet` */
  readonly call: string;
  /** The service's name of the error: `AccessDenied`. */
  readonly name: string;
  readonly answer: string;
  readonly requestId: string;
}

export function noAwsCredentials(environment: string, why: string): TandemError {
  return new TandemError({
    code: 'no-aws-credentials',
    message: `no AWS credentials for environment ${environment}: ${why}`,
    next: 'log in (`aws sso login`), or name a profile in AWS_PROFILE, and run again',
    details: { environment },
  });
}

export function wrongAccount(environment: string, expected: string, received: string, caller: string): TandemError {
  return new TandemError({
    code: 'wrong-account',
    message: `environment ${environment} is configured with account ${expected}; the credentials are of account ${received} (${caller})`,
    next: `use credentials of account ${expected}, or correct config/environments/${environment}.yaml; nothing was touched`,
    details: { environment, expected, received, caller },
  });
}

export function wrongRegion(environment: string, expected: string, variable: string, received: string): TandemError {
  return new TandemError({
    code: 'wrong-region',
    message: `environment ${environment} is configured with Region ${expected}; ${variable} says ${received}`,
    next: `unset ${variable} or set it to ${expected}, or correct config/environments/${environment}.yaml; nothing was touched`,
    details: { environment, expected, variable, received },
  });
}

export function wrongRole(environment: string, role: string, caller: string, why: string): TandemError {
  return new TandemError({
    code: 'wrong-role',
    message: `environment ${environment} is deployed by the role ${role}, which ${caller} cannot assume: ${why}`,
    next: `create the role, or let ${caller} assume it (docs/examples/aws/deploy-role.json is one), or correct aws.role in config/environments/${environment}.yaml`,
    details: { environment, role, caller },
  });
}

const CAUSES: readonly (readonly [RegExp, code: string, next: string])[] = [
  [
    /ExpiredToken|InvalidClientTokenId|SignatureDoesNotMatch|UnrecognizedClient|MissingAuthenticationToken|InvalidSignature/,
    'aws-unauthorised',
    'renew the AWS credentials and run again',
  ],
  [
    /AccessDenied|UnauthorizedOperation|Forbidden/,
    'aws-forbidden',
    'give the role that deploys the missing permission',
  ],
  [/Throttl|TooManyRequests|RequestLimitExceeded|SlowDown/, 'aws-busy', 'AWS limits requests; run again in a minute'],
  [
    /ECONN|ENOTFOUND|EAI_AGAIN|TimeoutError|NetworkingError|socket/i,
    'aws-unreachable',
    'check the network path to AWS (and AWS_ENDPOINT_URL), and run again; what is done stays done',
  ],
];

/** A request that AWS refused or that never reached it. */
export function awsRequestFailed(facts: AwsRequestFacts, cause?: unknown): TandemError {
  const [, code, next] = CAUSES.find(([pattern]) => pattern.test(facts.name)) ?? [
    undefined,
    'aws-request-failed',
    'fix the cause and run again; give AWS support the request id if it persists',
  ];
  const id = facts.requestId === '' ? '' : ` [request ${facts.requestId}]`;
  return new TandemError({
    code,
    message: `${facts.call} failed: ${facts.name}: ${facts.answer}${id}`,
    next,
    cause,
    details: { ...facts },
  });
}

export function awsAnswerUnreadable(call: string): TandemError {
  return new TandemError({
    code: 'aws-answer-unreadable',
    message: `${call} was answered, but not as AWS does`,
    next: 'see whether a proxy or a login page answers in AWS’s place (and what AWS_ENDPOINT_URL says), and run again; nothing was touched',
    details: { call },
  });
}

export function noSuchEnvironment(name: string, known: readonly string[]): TandemError {
  return new TandemError({
    code: 'no-such-environment',
    message: name === '' ? 'no environment is configured' : `there is no environment "${name}"`,
    next: known.length === 0 ? 'write one in config/environments/' : `name one of: ${known.join(', ')}`,
  });
}

export function clusterMissing(environment: string, parameter: string): TandemError {
  return new TandemError({
    code: 'cluster-missing',
    message: `environment ${environment} has no cluster yet: there is no SSM parameter ${parameter} in its account and Region`,
    next: `\`tandem deploy aws/${environment}/cluster\` creates it`,
    details: { environment, parameter },
  });
}

export function clusterUnreadable(environment: string, parameter: string): TandemError {
  return new TandemError({
    code: 'cluster-unreadable',
    message: `the SSM parameter ${parameter} of environment ${environment} is no worker configuration that this version of Tandem knows`,
    next: `\`tandem deploy aws/${environment}/cluster\` writes it anew; where a later version wrote it, use that one`,
    details: { environment, parameter },
  });
}
