import type { Signer } from './wire/signature.ts';

/** Keys of an account, made from its number: nothing to hand around, and no two accounts mixed up. */
export interface LabCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** Where nobody says otherwise. */
export const DEFAULT_ACCOUNT = '111122223333';
export const DEFAULT_REGION = 'eu-west-3';

const PREFIX = 'AKIALAB0';

export function labCredentials(account: string): LabCredentials {
  return { accessKeyId: `${PREFIX}${account}`, secretAccessKey: `lab-secret-of-${account}` };
}

/** @param secret of all accounts, where the endpoint is not for this machine alone */
export function signerOf(accessKeyId: string, secret?: string): Signer | undefined {
  const account = accessKeyId.startsWith(PREFIX) ? accessKeyId.slice(PREFIX.length) : '';
  if (!/^\d{12}$/.test(account)) return undefined;
  const arn = `arn:aws:iam::${account}:user/lab`;
  return {
    principal: { accessKeyId, account, arn, userId: `AIDALAB0${account}` },
    secretAccessKey: secret ?? labCredentials(account).secretAccessKey,
  };
}

/** Environment variables that lead any AWS SDK, and the CDK CLI, to the endpoint and nowhere else. */
export function labEnvironment(url: string, account: string, region: string): Readonly<Record<string, string>> {
  const { accessKeyId, secretAccessKey } = labCredentials(account);
  return {
    AWS_ENDPOINT_URL: url,
    AWS_ENDPOINT_URL_S3_FOR_CLOUDFORMATION: url,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_EC2_METADATA_DISABLED: 'true',
    CDK_DISABLE_VERSION_CHECK: '1',
    CDK_DISABLE_CLI_TELEMETRY: 'true',
  };
}
