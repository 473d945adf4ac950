import { z } from 'zod';
import { because } from '../diagnostic.ts';
import { count, label, name, named, path, port, sha256, text, url } from './common.ts';

const absolute = path.regex(/^\/(?!.*(?:^|\/)\.\.(?:\/|$))/, {
  error: because('a path on a server is absolute, without ..', 'write one like /etc/default/gearman'),
});

/** A package of Debian's, by the rules of its policy (5.6.1). */
const debianPackage = z
  .string()
  .regex(/^[a-z0-9][a-z0-9+.-]{1,99}$/, {
    error: because('it is no name of a Debian package', 'write one like gearman-job-server'),
  })
  .meta({ title: 'Debian package' });

const unit = z
  .string()
  .regex(/^[\w@.:-]{1,200}\.(?:service|timer|socket|path|mount)$/, {
    error: because('it is no name of a unit of systemd', 'write one like gearman-job-server.service'),
  })
  .meta({ title: 'unit of systemd' });

const account = z
  .string()
  .regex(/^[a-z_][a-z0-9_-]{0,31}$/, {
    error: because('it is no name of a system user', 'write one like gearman'),
  })
  .meta({ title: 'system user' });

const owner = z
  .string()
  .regex(/^[a-z_][a-z0-9_-]{0,31}:[a-z_][a-z0-9_-]{0,31}$/, {
    error: because('an owner is a user and a group', 'write one like root:root'),
  })
  .meta({ title: 'user:group' });

const mode = z
  .string()
  .regex(/^0?[0-7]{3}$/, { error: because('a mode is three octal digits, quoted', 'write one like "0644"') })
  .meta({ title: 'mode' });

const command = text(2000);

const setting = z.strictObject({
  description: text().describe('One line.'),
  type: z.enum(['integer', 'text', 'boolean']).describe('What its values are.'),
  default: z.union([text(), z.number(), z.boolean()]).describe('Value where a tier gives none.'),
  minimum: z.int().optional().describe('Least value of an integer. Default: none.'),
  maximum: z.int().optional().describe('Greatest value of an integer. Default: none.'),
  choices: z.array(text()).min(1).optional().describe('Texts that it may be. Default: any.'),
});

const artefact = z.strictObject({
  from: z.enum(['maven', 'hashicorp', 'apache', 'github', 'npm']).describe('Mirror that it comes from.'),
  path: path.describe('Path below the mirror.'),
  sha256: sha256.describe('Checksum of the file.'),
  to: absolute.describe('Folder that it is unpacked into, or file that it becomes.'),
  unpack: z.enum(['file', 'tar.gz', 'zip']).default('file').describe('What it is.'),
});

/** `components/custom/<name>/component.yaml`: a program of the project's own, as blueprints name it in `runs`. */
export const componentSchema = z.strictObject({
  title: label().describe('Name, as its makers write it.'),
  description: text().describe('One sentence.'),
  version: label().describe('Version that is installed.'),
  home: url.describe('Where its documentation is.'),
  settings: named(setting)
    .default({})
    .describe('What tiers may set. Files and commands have them by `@{value NAME}`; they change without a new server.'),
  packages: z.array(debianPackage).default([]).describe("Debian's packages."),
  artefacts: z.array(artefact).default([]).describe('Files from elsewhere.'),
  users: z.array(account).default([]).describe('System users that no package makes.'),
  afterwards: command
    .optional()
    .describe('Shell commands at the end of the installation, by root; they must be safe to repeat. Default: none.'),
  members: z
    .boolean()
    .default(false)
    .describe('Whether its servers must know each other: `@{peers|TIER|…}` with the word `self` for the tier.'),
  ports: z
    .array(
      z.strictObject({
        name: name().describe('What it is for.'),
        port: port.describe('TCP or UDP port.'),
        protocol: z.enum(['tcp', 'udp']).default('tcp').describe('Protocol.'),
        from: z
          .enum(['members', 'clients', 'local'])
          .describe('Who may connect: servers of its tier, `clients` of the tier, or nobody else.'),
      }),
    )
    .default([])
    .describe('Ports that it answers on.'),
  files: z
    .array(
      z.strictObject({
        path: absolute.describe('Where it is on the server.'),
        from: path.describe("The project's file with its text and placeholders, relative to the component's folder."),
        mode: mode.default('0644').describe('Mode.'),
        owner: owner.default('root:root').describe('User and group.'),
        onChange: z
          .enum(['none', 'reload', 'restart'])
          .default('restart')
          .describe('What a change asks of the running program.'),
      }),
    )
    .default([])
    .describe('Files that it is configured by. CAUTION: a changed text replaces the servers.'),
  units: z.array(unit).min(1).describe('Units of systemd, started in this order.'),
  health: command.describe('Shell command that ends with 0 when a server serves, within 10 s.'),
  quorum: z
    .enum(['none', 'majority'])
    .default('none')
    .describe(
      'Whether a majority of the servers must be there: then their number is odd, and no zone has most of them.',
    ),
  data: z
    .array(
      z.strictObject({
        path: absolute.describe('Folder.'),
        owner: owner.default('root:root').describe('User and group.'),
        mode: mode.default('0750').describe('Mode.'),
      }),
    )
    .default([])
    .describe('What must outlive a server; the first lies on the volume `data` of the tier, where there is one.'),
  drain: command.optional().describe('Shell command before a server stops on purpose. Default: none.'),
  backup: command
    .optional()
    .describe('Shell command that writes a backup into the folder `$BACKUP_DIRECTORY`. Default: none.'),
  secrets: z
    .array(
      z.strictObject({
        name: name().describe('Files have it by `@{secret NAME}`.'),
        kind: z.enum(['password', 'key32']).describe('32 letters and digits, or 32 random bytes in Base64.'),
      }),
    )
    .default([])
    .describe('Secrets that Tandem makes, one value a lease.'),
  minimumMemoryMiB: count(0, 1_048_576).default(0).describe('Memory that its flavor must have, in MiB.'),
});

type Written = z.output<typeof componentSchema>;

/** A component of the project, with the texts of its files by their path in its folder. */
export interface OwnComponent extends Written {
  readonly texts: Readonly<Record<string, string>>;
}
