import { DeleteParameterCommand, GetParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { calledUnless } from '../../aws-api/aws-error.ts';
import { ATTEMPTS } from '../../aws-api/session.ts';
import type { CloudFormationConnection } from './connection.ts';

/** A parameter of Systems Manager that Tandem keeps beside a stack, in which it notes what the stack itself cannot carry. */
export interface OwnParameter {
  /** Undefined where there is none. */
  readonly read: () => Promise<string | undefined>;
  /** False where there is one and it is not to be replaced. */
  readonly write: (value: string, replace: boolean) => Promise<boolean>;
  /** Also where there is none. */
  readonly remove: () => Promise<void>;
}

export async function withParameter<T>(
  { region, credentials }: Pick<CloudFormationConnection, 'region' | 'credentials'>,
  Name: string,
  action: (parameter: OwnParameter) => Promise<T>,
): Promise<T> {
  const client = new SSMClient({ region, credentials, maxAttempts: ATTEMPTS });
  try {
    return await action({
      async read() {
        const found = await calledUnless('ssm:GetParameter', /^ParameterNotFound$/, () =>
          client.send(new GetParameterCommand({ Name })),
        );
        return found?.Parameter?.Value;
      },
      async write(Value, Overwrite) {
        const put = new PutParameterCommand({ Name, Value, Type: 'String', Overwrite });
        return (
          (await calledUnless('ssm:PutParameter', /^ParameterAlreadyExists$/, () => client.send(put))) !== undefined
        );
      },
      async remove() {
        await calledUnless('ssm:DeleteParameter', /^ParameterNotFound$/, () =>
          client.send(new DeleteParameterCommand({ Name })),
        );
      },
    });
  } finally {
    client.destroy();
  }
}
