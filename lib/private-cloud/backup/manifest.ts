import { z } from 'zod';

const holds = z.enum(['database', 'ovn-northbound', 'ovn-southbound', 'configuration']);

/** What a backup is made of, beside its files: written last, so that a folder without it is no backup. */
export const manifestSchema = z.strictObject({
  format: z.literal('tandem.backup/1'),
  /** `20261128T023000Z-full`. */
  id: z.string().regex(/^\d{8}T\d{6}Z-(?:full|incremental)$/),
  cloud: z.string(),
  /** Name of the internal API: a cloud of the same name elsewhere is another. */
  endpoint: z.string(),
  kind: z.enum(['full', 'incremental']),
  /** The full backup that an incremental one stands on. */
  base: z.string().nullable(),
  begunAt: z.iso.datetime(),
  endedAt: z.iso.datetime(),
  /** OpenStack's release as Kolla names it, whose schemas the database has. */
  release: z.string(),
  database: z.strictObject({
    /** Host whose volume the backup was written to. */
    host: z.string(),
    /** `10.11.6`: mariabackup reads its own version's. */
    version: z.string(),
    /** Of Galera when the backup began and after it had ended: what is in the backup lies between. */
    uuid: z.string(),
    seqno: z.int(),
    seqnoAfter: z.int(),
    /** In the volume `mariadb_backup`. */
    source: z.string(),
  }),
  /** The tree that was last applied; null where none was recorded. */
  tree: z.strictObject({ digest: z.string(), commit: z.string() }).nullable(),
  files: z.array(
    z.strictObject({
      name: z.string().regex(/^[a-z-]+(?:\.[a-z]+)+\.age$/),
      holds,
      bytes: z.int(),
      /** Of the encrypted file, in hex: checked without a key. */
      sha256: z.string().regex(/^[0-9a-f]{64}$/),
    }),
  ),
});

export type BackupManifest = z.output<typeof manifestSchema>;
export type BackupKind = BackupManifest['kind'];
export type BackupFile = BackupManifest['files'][number];

/** Sorts as time does. */
export function backupId(at: Date, kind: BackupKind): string {
  return `${at.toISOString().replaceAll(/[-:]|\.\d+/g, '')}-${kind}`;
}

/** Name of a file's encrypted copy. */
export const FILE_NAMES: Readonly<Record<BackupFile['holds'], string>> = {
  database: 'database.mbs.gz.age',
  'ovn-northbound': 'ovn-northbound.db.age',
  'ovn-southbound': 'ovn-southbound.db.age',
  configuration: 'configuration.json.age',
};
