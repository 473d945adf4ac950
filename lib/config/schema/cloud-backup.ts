import { z } from 'zod';
import { because } from '../diagnostic.ts';
import { ageRecipient, count, timeOfDay } from './common.ts';

/** Backups of what cannot be rendered again: the database, and what OVN was told. */
export const backup = z.strictObject({
  destination: z
    .string()
    .regex(/^\/[\w@%+=:,.-][\w@%+=:,./-]{0,1022}$/, {
      error: because('it is a folder on the deployment host, not its root', 'write one like /var/backups/paris'),
    })
    .describe(
      'Folder on the deployment host that takes the backups, each in a folder of its own. CAUTION: let it be a file system of another machine; what is lost with the deployment host is no backup.',
    ),
  recipients: z
    .array(ageRecipient)
    .min(1)
    .describe(
      'Public keys of age, as `tandem secret key` prints them. Backups are encrypted to all of them before they are written, and any of them restores.',
    ),
  fullAt: timeOfDay.default('02:30').describe('When the full backup of each day begins, in UTC.'),
  incrementalHours: count(0, 12)
    .default(4)
    .describe('Hours from one incremental backup to the next, each of what changed since the last full one. 0: none.'),
  keep: z
    .strictObject({
      daily: count(1, 365).default(7).describe('Days of which the last full backup is kept.'),
      weekly: count(0, 520).default(4).describe('Weeks of which the last full backup is kept.'),
    })
    .prefault({})
    .describe(
      'How many full backups are kept. Incremental ones go a day after they were taken, or with their full one.',
    ),
  maximumAgeHours: count(1, 720)
    .default(26)
    .describe('Age in hours from which on the newest full backup is too old, for `cloud backup` and alerts.'),
});
