import { AwsError } from '../aws-error.ts';
import { iamStore } from '../iam/store.ts';
import { text } from '../json.ts';
import type { CallContext, Calls } from '../service.ts';
import { queryService } from '../wire/query.ts';

const HOUR_SECONDS = 3600;

const calls: Calls = {
  GetCallerIdentity: {
    takes: [],
    run: (_, { principal }) => ({ UserId: principal.userId, Account: principal.account, Arn: principal.arn }),
  },
  AssumeRole: {
    takes: ['RoleArn', 'RoleSessionName', 'DurationSeconds', 'ExternalId', 'Tags', 'TransitiveTagKeys', 'Policy'],
    run: (input, context) => {
      const arn = text(input['RoleArn']) ?? '';
      const session = text(input['RoleSessionName']) ?? '';
      const seconds = Number(text(input['DurationSeconds']) ?? HOUR_SECONDS);
      if (!(seconds >= 900 && seconds <= 43_200)) {
        throw new AwsError(
          'ValidationError',
          `1 validation error detected: Value '${seconds}' at 'durationSeconds' failed to satisfy constraint: Member must have value between 900 and 43200`,
        );
      }
      return assume(arn, session, seconds, context);
    },
  },
};

/** Hands out keys of a role that exists; whether its trust policy lets the caller in is not judged (SPEC, STS). */
function assume(arn: string, session: string, seconds: number, { world, principal }: CallContext) {
  const [, account = '', path = ''] = /^arn:aws:iam::(\d{12}):role\/(.+)$/.exec(arn) ?? [];
  const name = path.split('/').at(-1) ?? '';
  const role = account === '' ? undefined : iamStore(world, account).roles.get(name);
  if (role === undefined) {
    throw new AwsError(
      'AccessDenied',
      `User: ${principal.arn} is not authorized to perform: sts:AssumeRole on resource: ${arn}`,
      403,
    );
  }
  const { AssumedRoleUser, ...Credentials } = world.newSession(account, role, session, seconds);
  return { AssumedRoleUser, Credentials };
}

export const sts = queryService(
  { service: 'sts', version: '2011-06-15', namespace: 'https://sts.amazonaws.com/doc/2011-06-15/' },
  calls,
);
