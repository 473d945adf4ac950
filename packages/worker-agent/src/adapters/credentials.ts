import type { Metadata } from '../ports.ts';

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  readonly expiration?: Date;
}

const ROLE = 'meta-data/iam/security-credentials';

/**
 * Keys from the environment where there are any, else those of the instance's role. Not the SDK's own chain: that falls back to
 * version 1 of the metadata service, and carries sign-ins that no instance has.
 */
export function credentials(env: NodeJS.ProcessEnv, metadata: Metadata): () => Promise<Credentials> {
  const [accessKeyId, secretAccessKey] = [env['AWS_ACCESS_KEY_ID'], env['AWS_SECRET_ACCESS_KEY']];
  if (accessKeyId !== undefined && secretAccessKey !== undefined) {
    const sessionToken = env['AWS_SESSION_TOKEN'];
    const fixed = { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) };
    return () => Promise.resolve(fixed);
  }
  return async () => {
    const role = await metadata.get(`${ROLE}/`);
    const text = role === undefined ? undefined : await metadata.get(`${ROLE}/${role}`);
    if (text === undefined) throw new Error('the instance has no role');
    const keys = JSON.parse(text) as Readonly<Record<string, string>>;
    return {
      accessKeyId: keys['AccessKeyId'] ?? '',
      secretAccessKey: keys['SecretAccessKey'] ?? '',
      sessionToken: keys['Token'] ?? '',
      expiration: new Date(keys['Expiration'] ?? 0),
    };
  };
}
