import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { fromNodeProviderChain, fromTemporaryCredentials } from '@aws-sdk/credential-providers';
import { toAwsError } from './aws-error.ts';
import type { AwsConnection, AwsTarget, Credentials } from './connection.ts';
import { awsAnswerUnreadable, noAwsCredentials, wrongAccount, wrongRegion, wrongRole } from './errors.ts';

interface Caller {
  readonly account: string;
  readonly arn: string;
}

/** Attempts of one request, with growing pauses: a throttled API is waited for. For the clients of all services. */
export const ATTEMPTS = 8;
const SESSION_SECONDS = 3600;

/**
 * Reaches an account as its environment says: compares who the operator's credentials are with the configured account, and Region
 * with what the shell says, assumes the role, and compares again. Nothing else is asked of AWS before.
 * @throws TandemError `wrong-account`, `wrong-region`, `wrong-role`, `no-aws-credentials`, `aws-…`
 */
export async function connect(
  target: AwsTarget,
  environment: NodeJS.ProcessEnv,
  operator: string,
): Promise<AwsConnection> {
  const { account, region, role, environment: name } = target;
  for (const variable of ['AWS_REGION', 'AWS_DEFAULT_REGION'] as const) {
    const said = environment[variable];
    if (said !== undefined && said !== '' && said !== region) throw wrongRegion(name, region, variable, said);
  }
  const own = fromNodeProviderChain({ clientConfig: { region } });
  const caller = await whoIs(own, target);
  if (caller.account !== account) throw wrongAccount(name, account, caller.account, caller.arn);
  const [, partition = 'aws'] = caller.arn.split(':');
  const session =
    role === undefined || isSessionOf(caller.arn, role)
      ? { credentials: own, arn: caller.arn }
      : await assumed(own, target, { partition, caller, role, operator });
  return { account, region, partition, ...session };
}

async function assumed(
  own: Credentials,
  target: AwsTarget,
  { partition, caller, role, operator }: { partition: string; caller: Caller; role: string; operator: string },
): Promise<Pick<AwsConnection, 'credentials' | 'arn'>> {
  const { environment, account, region } = target;
  const RoleArn = `arn:${partition}:iam::${account}:role/${role}`;
  const provider = remembered(
    fromTemporaryCredentials({
      masterCredentials: own,
      params: { RoleArn, RoleSessionName: sessionName(operator), DurationSeconds: SESSION_SECONDS },
      clientConfig: { region, maxAttempts: ATTEMPTS },
    }),
  );
  let session: Caller;
  try {
    session = await whoIs(provider, target);
  } catch (error) {
    throw wrongRole(environment, RoleArn, caller.arn, error instanceof Error ? error.message : String(error));
  }
  if (session.account !== account || !isSessionOf(session.arn, role))
    throw wrongRole(environment, RoleArn, caller.arn, `the session is of ${session.arn}`);
  return { credentials: provider, arn: session.arn };
}

/** Before their end, keys are asked for anew; in milliseconds. */
const EARLY_MS = 5 * 60_000;

/** One session for all clients: each client remembers keys for itself alone, and would assume the role anew. */
function remembered(provider: Credentials): Credentials {
  let known: ReturnType<Credentials> | undefined;
  let endsAt = Number.POSITIVE_INFINITY;
  return async (...args) => {
    if (known === undefined || Date.now() > endsAt - EARLY_MS) {
      known = provider(...args);
      endsAt = Number.POSITIVE_INFINITY;
      try {
        endsAt = (await known).expiration?.getTime() ?? endsAt;
      } catch (error) {
        known = undefined;
        throw error;
      }
    }
    return await known;
  };
}

async function whoIs(credentials: Credentials, target: AwsTarget): Promise<Caller> {
  const sts = new STSClient({ region: target.region, credentials, maxAttempts: ATTEMPTS });
  try {
    const { Account: account, Arn: arn } = await sts.send(new GetCallerIdentityCommand({}));
    // Of a page that is no answer of AWS, the SDK makes one in which nothing is.
    if (account === undefined || arn === undefined) throw awsAnswerUnreadable('sts:GetCallerIdentity');
    return { account, arn };
  } catch (error) {
    if (error instanceof Error && error.name === 'CredentialsProviderError')
      throw noAwsCredentials(target.environment, error.message);
    throw toAwsError('sts:GetCallerIdentity', error);
  } finally {
    sts.destroy();
  }
}

/** `arn:aws:sts::ACCOUNT:assumed-role/ROLE/SESSION` */
function isSessionOf(arn: string, role: string): boolean {
  return arn.includes(`:assumed-role/${role}/`);
}

/** CloudTrail shows it: who deployed. */
function sessionName(operator: string): string {
  return `tandem-${operator.replaceAll(/[^\w+=,.@-]/g, '-')}`.slice(0, 64);
}
