import { z } from 'zod';

export const secretSchema = z.strictObject({
  format: z.literal('tandem.secret/1'),
  reference: z.string(),
  state: z.enum(['stored', 'removed']),
});

export const secretListSchema = z.strictObject({
  format: z.literal('tandem.secret-list/1'),
  secrets: z.array(
    z.strictObject({
      reference: z.string(),
      stored: z.boolean() /** Where the configuration refers to it: `config/tandem.yaml:12`. */,
      usedBy: z.array(z.string()),
    }),
  ),
});

export const secretKeySchema = z.strictObject({
  format: z.literal('tandem.secret-key/1'),
  /** The caller's public keys, the one that seals first. */
  recipients: z.array(z.string()),
  /** Whether this run made the first of them. */
  made: z.boolean(),
  /** Null where TANDEM_SECRETS_KEY holds the keys. */
  keyFile: z.string().nullable(),
});

export const secretRotateSchema = z.strictObject({
  format: z.literal('tandem.secret-rotate/1'),
  recipients: z.int(),
  file: z.string(),
});
