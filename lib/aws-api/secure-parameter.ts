import { DeleteParameterCommand, GetParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { called, calledUnless } from './aws-error.ts';
import type { AwsConnection } from './connection.ts';
import { ATTEMPTS } from './session.ts';

const NONE = /^ParameterNotFound$/;

/** Parameters of Systems Manager whose values are secret, encrypted by its own key. */
export interface SecureParameters {
  /** Writes the value unless it is there already. @returns whether it was written */
  put(name: string, value: string): Promise<boolean>;
  /** Also where there is none. */
  remove(name: string): Promise<void>;
}

/** @throws TandemError `aws-…` */
export async function withSecureParameters<T>(
  { region, credentials }: Pick<AwsConnection, 'region' | 'credentials'>,
  action: (parameters: SecureParameters) => Promise<T>,
): Promise<T> {
  const client = new SSMClient({ region, credentials, maxAttempts: ATTEMPTS });
  try {
    return await action({
      async put(Name, Value) {
        const get = new GetParameterCommand({ Name, WithDecryption: true });
        const found = await calledUnless('ssm:GetParameter', NONE, () => client.send(get));
        if (found?.Parameter?.Value === Value) return false;
        const put = new PutParameterCommand({ Name, Value, Type: 'SecureString', Overwrite: true });
        await called('ssm:PutParameter', () => client.send(put));
        return true;
      },
      async remove(Name) {
        await calledUnless('ssm:DeleteParameter', NONE, () => client.send(new DeleteParameterCommand({ Name })));
      },
    });
  } finally {
    client.destroy();
  }
}
