import { z } from 'zod';
import { manifestSchema } from '../../../private-cloud/backup/manifest.ts';
import { commandSchema, playSchema } from './play.ts';

const use = z.looseObject({ name: z.string(), file: z.string() });

const resource = z.strictObject({
  kind: z.enum(['network', 'port', 'router', 'server', 'project']),
  id: z.string(),
  where: z.string(),
});

const shared = [
  z.strictObject({ kind: z.literal('play'), play: playSchema }),
  z.strictObject({ kind: z.literal('command'), command: commandSchema }),
] as const;

export const backupSchema = z.strictObject({
  format: z.literal('tandem.cloud-backup/1'),
  cloud: z.string(),
  destination: z.string(),
  state: z.enum(['good', 'too-old', 'none']),
  maximumAgeHours: z.int(),
  taken: z.string().nullable(),
  backups: z.array(manifestSchema.omit({ format: true }).extend({ problems: z.array(z.string()).nullable() })),
  units: z.array(z.string()),
});

export const restoreSchema = z.strictObject({
  format: z.literal('tandem.cloud-restore/1'),
  cloud: z.string(),
  backup: z.string(),
  at: z.string(),
  alive: z.array(z.string()),
  steps: z.array(
    z.strictObject({
      key: z.string(),
      why: z.string(),
      unavailable: z.array(z.string()),
      actions: z.array(
        z.discriminatedUnion('kind', [
          ...shared,
          z.strictObject({ kind: z.literal('send'), backup: z.string(), host: z.string(), path: z.string() }),
          z.strictObject({ kind: z.literal('verify'), members: z.array(z.string()) }),
        ]),
      ),
    }),
  ),
  executed: z.boolean(),
  outageSeconds: z.number().nullable(),
  differences: z
    .strictObject({ orphans: z.array(resource), absent: z.array(resource), unasked: z.array(z.string()) })
    .nullable(),
});

export const certificatesSchema = z.strictObject({
  format: z.literal('tandem.cloud-certificates/1'),
  cloud: z.string(),
  folder: z.string(),
  warnDays: z.int(),
  certificates: z.array(
    z.strictObject({
      name: z.string(),
      file: z.string(),
      serves: z.string(),
      renewal: z.enum(['reload', 'reread', 'restart', 'deploy']),
      state: z.enum(['good', 'soon', 'expired', 'broken', 'missing', 'encrypted']),
      subject: z.string().nullable(),
      issuer: z.string().nullable(),
      names: z.array(z.string()),
      notBefore: z.string().nullable(),
      notAfter: z.string().nullable(),
      daysLeft: z.int().nullable(),
      fingerprint: z.string().nullable(),
      problems: z.array(z.string()),
    }),
  ),
  steps: z.array(
    z.strictObject({
      key: z.string(),
      unavailable: z.array(z.string()),
      actions: z.array(
        z.discriminatedUnion('kind', [
          ...shared,
          z.strictObject({ kind: z.literal('place'), use }),
          z.strictObject({ kind: z.literal('meet'), use }),
        ]),
      ),
    }),
  ),
  executed: z.boolean(),
});
