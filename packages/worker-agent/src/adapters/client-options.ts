import type { Credentials } from './credentials.ts';

/** What all clients of AWS share. The SDK backs off with full jitter, and longer where it was throttled. */
export function clientOptions(region: string, credentials: () => Promise<Credentials>) {
  return {
    region,
    credentials,
    maxAttempts: 5,
    requestHandler: {
      connectionTimeout: 5000,
      // Above the long poll of 20 s.
      requestTimeout: 30_000,
      throwOnRequestTimeout: true,
    },
  };
}
