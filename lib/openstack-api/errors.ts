import { TandemError } from '../errors/tandem-error.ts';

/** Facts of a request that failed; the request id is what a cloud's operators search their logs for. */
export interface RequestFacts {
  readonly cloud: string;
  readonly method: string;
  /** Without query: that may hold names, never secrets, and only makes the message longer. */
  readonly url: string;
  readonly status?: number;
  readonly requestId?: string;
  readonly answer?: string;
}

export function noCloudsYaml(entry: string, searched: readonly string[]): TandemError {
  return new TandemError({
    code: 'no-clouds-yaml',
    message: `no clouds.yaml found; looked in ${searched.join(', ')}`,
    next: `write one with an entry "${entry}", or name it in OS_CLIENT_CONFIG_FILE`,
    details: { entry, searched },
  });
}

export function noCloudsEntry(entry: string, file: string, known: readonly string[]): TandemError {
  return new TandemError({
    code: 'no-clouds-entry',
    message: `${file} has no entry "${entry}"${known.length === 0 ? '' : `; it has ${known.join(', ')}`}`,
    next: `add the entry "${entry}" there, or name another file in OS_CLIENT_CONFIG_FILE`,
    details: { entry, file, known },
  });
}

export function invalidCloudsEntry(entry: string, file: string, problem: string): TandemError {
  return new TandemError({
    code: 'invalid-clouds-entry',
    message: `entry "${entry}" of ${file}: ${problem}`,
    next: 'fix the entry; docs.openstack.org/openstacksdk describes the format',
    details: { entry, file, problem },
  });
}

export function wrongCloud(cloud: string, what: string, expected: string, received: string): TandemError {
  return new TandemError({
    code: 'wrong-cloud',
    message: `cloud ${cloud} is configured with ${what} ${expected}; the credentials lead to ${received}`,
    next: `use credentials for ${expected}, or correct config/clouds/${cloud}.yaml`,
    details: { cloud, what, expected, received },
  });
}

export function noSuchService(cloud: string, service: string, region: string | undefined): TandemError {
  return new TandemError({
    code: 'no-such-service',
    message: `cloud ${cloud} has no ${service} endpoint${region === undefined ? '' : ` in region ${region}`}`,
    next: `ask the cloud's operators for the service, or correct the region of the clouds.yaml entry`,
    details: { cloud, service, region: region ?? null },
  });
}

export function cloudUnreachable(facts: RequestFacts, why: string, cause?: unknown): TandemError {
  return new TandemError({
    code: 'cloud-unreachable',
    message: `${facts.method} ${facts.url} of cloud ${facts.cloud} did not answer: ${why}`,
    next: 'check the network path to the cloud and run the command again; completed changes are kept',
    cause,
    details: { ...facts },
  });
}

/** An answer that says yes in other words than the API's. Without `details.status`: the request was not refused. */
export function cloudAnswerUnreadable(facts: RequestFacts, why: string): TandemError {
  return new TandemError({
    code: 'cloud-answer-unreadable',
    message: `${facts.method} ${facts.url} of cloud ${facts.cloud} answered, but not as OpenStack does: ${why}`,
    next: 'see whether a proxy or a login page answers in the cloud’s place, and run the command again; completed changes are kept',
    details: { ...facts },
  });
}

const causes: Readonly<Record<number, readonly [code: string, next: string]>> = {
  401: ['cloud-unauthorised', 'check the credentials of the clouds.yaml entry; they may have expired'],
  403: ['cloud-forbidden', 'use credentials with the role that this needs, or ask the cloud’s operators for it'],
  404: ['cloud-not-found', 'the resource may have been deleted in the meantime; run the command again'],
  409: ['cloud-conflict', 'another request is changing the resource; run the command again in a minute'],
  413: ['cloud-busy', 'the cloud rate-limits requests; run the command again in a minute'],
  429: ['cloud-busy', 'the cloud rate-limits requests; run the command again in a minute'],
  503: ['cloud-busy', 'the service is overloaded or restarting; run the command again in a minute'],
};

/** An answer that says no. `details.status` tells which. */
export function cloudRequestFailed(facts: RequestFacts): TandemError {
  const status = facts.status ?? 0;
  const [code, next] = causes[status] ?? [
    'cloud-request-failed',
    'give the request id to the cloud’s operators, and run the command again when they have fixed it',
  ];
  const id = facts.requestId === undefined ? '' : ` (request ${facts.requestId})`;
  const answer = facts.answer === undefined || facts.answer === '' ? '' : `: ${facts.answer}`;
  return new TandemError({
    code,
    message: `${facts.method} ${facts.url} of cloud ${facts.cloud} answered ${status}${answer}${id}`,
    next,
    details: { ...facts },
  });
}

/** The HTTP status of a refused request; undefined for every other error. */
export function statusOf(error: unknown): number | undefined {
  if (!(error instanceof TandemError)) return undefined;
  const status = error.details['status'];
  return typeof status === 'number' ? status : undefined;
}

/** What is answered; undefined where there is no such thing: no token, no right and no service do not prove that. */
export async function ifThere<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (statusOf(error) === 404) return undefined;
    throw error;
  }
}

export async function isThere(ask: () => Promise<unknown>): Promise<boolean> {
  return (await ifThere(async () => [await ask()])) !== undefined;
}

export function cannotRescope(cloud: string, entry: string): TandemError {
  return new TandemError({
    code: 'cannot-rescope',
    message: `entry "${entry}" for cloud ${cloud} is an application credential, which cannot work in another project`,
    next: 'use an entry with a user name and password: servers are made in the environment’s own project',
    details: { cloud, entry },
  });
}

export function cannotMakeUsers(cloud: string, user: string, domain: string, cause: unknown): TandemError {
  return new TandemError({
    code: 'cannot-make-users',
    message: `cloud ${cloud} does not let these credentials make or change the Keystone user ${user} in domain ${domain}`,
    next: `each environment has a user of its own: use credentials with the role admin there, or a domain whose users are kept by Keystone itself, in config/clouds/${cloud}.yaml`,
    cause,
    details: { cloud, user, domain },
  });
}

export function userTaken(cloud: string, user: string, domain: string): TandemError {
  return new TandemError({
    code: 'user-taken',
    message: `the Keystone user ${user} in domain ${domain} of cloud ${cloud} belongs to somebody else`,
    next: 'choose another name for the lease, or have that user renamed',
    details: { cloud, user, domain },
  });
}

export function noMemberRole(cloud: string, role: string): TandemError {
  return new TandemError({
    code: 'no-member-role',
    message: `cloud ${cloud} has no role "${role}", which whoever works in a project needs`,
    next: `have the cloud’s operators make it: \`keystone-manage bootstrap\` does`,
    details: { cloud, role },
  });
}

export function noCreatorRole(cloud: string, role: string): TandemError {
  return new TandemError({
    code: 'no-creator-role',
    message: `cloud ${cloud} has no role ${role}, which Barbican asks of whoever keeps secrets`,
    next: `make the role with \`openstack role create ${role}\`, or let bootSecrets of the cloud name a Vault`,
  });
}
