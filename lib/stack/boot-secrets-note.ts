import { z } from 'zod';

/**
 * Key of a resource's metadata under which its artefact says what instances read from a parameter of Systems Manager that Tandem writes: names
 * of secrets, never a value. `cdk deploy` only carries it.
 */
export const BOOT_SECRETS = 'Tandem::BootSecrets';

const secret = z.strictObject({
  of: z.string(),
  kind: z.enum(['password', 'key32', 'certificate']),
  trust: z.string().optional(),
  reference: z.string().startsWith('secret:').optional(),
  names: z.array(z.string()).readonly().optional(),
});

/** What a server needs, by component and name of the secret. */
export const serverSecretsSchema = z.record(z.string(), z.record(z.string(), secret));

export const bootSecretsNoteSchema = z.strictObject({
  /** Name of the parameter, a SecureString. */
  parameter: z.string().startsWith('/tandem/'),
  /** Where certificates are kept in the secret store: those of others are in another folder. */
  folder: z.string(),
  needs: serverSecretsSchema,
});

export type BootSecretsNote = z.output<typeof bootSecretsNoteSchema>;
