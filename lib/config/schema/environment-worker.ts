import { z } from 'zod';
import { because, between } from '../diagnostic.ts';
import { count, path, text } from './common.ts';

/** Systems Manager, where workers read it, keeps no parameter with double braces. */
const argument = text(500).refine((value) => !value.includes('{{'), {
  error: because('AWS Systems Manager, where workers read it, takes no {{', 'write a space between the braces'),
});

const command = z
  .array(argument)
  .max(100)
  .superRefine(([program], context) => {
    if (program === '')
      context.addIssue({
        code: 'custom',
        path: [0],
        input: program,
        message: because('it is the program, and empty', 'write one like bin/words'),
      });
  });

/** Whether a path is that of the whole project, or of a folder that tools hide: state, history, secrets. */
function isPrivate(folder: string): boolean {
  const parts = folder.split('/').filter((part) => part !== '' && part !== '.');
  return parts.length === 0 || parts.some((part) => /^\.(?!\.$)/.test(part));
}

const archive = z.strictObject({
  path: path
    .refine((folder) => !isPrivate(folder), {
      error: because(
        'it is the project itself or a hidden folder, and all that is in it, state and secrets, would be published to the instances; a program has a folder of its own',
        'write one like programs/words',
      ),
    })
    .describe('Folder of the project that is packed and published, as a whole.'),
  version: z
    .string()
    .regex(/^[a-zA-Z0-9][\w.+-]{0,63}$/, {
      error: because('it is not a version', 'write one like "1.2.0", in quotes'),
    })
    .describe('Version. What was published under it never changes: other content needs another version.'),
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/, {
      error: because(
        'it is not the SHA-256 of an archive, in 64 small hexadecimal digits',
        'write what `npx tandem program pack FOLDER` tells of the folder',
      ),
    })
    .describe('SHA-256 of the packed folder, as `tandem program pack` tells it; the workers check it.'),
});

const container = z.strictObject({
  image: z
    .string()
    .regex(
      /^\d{12}\.dkr\.ecr\.[a-z]{2}(?:-[a-z]+)+-\d\.amazonaws\.com(?:\.cn)?\/[a-z0-9](?:[a-z0-9._/-]{0,200}[a-z0-9])?@sha256:[0-9a-f]{64}$/,
      {
        error: because(
          'it is not an image of Amazon ECR by its digest, which alone never changes, and which `aws ecr describe-images` tells',
          `write one like 111122223333.dkr.ecr.eu-west-3.amazonaws.com/analysis@sha256:${'0123456789abcdef'.repeat(4)}`,
        ),
      },
    )
    .describe('Image in Amazon ECR, by its digest.'),
  engine: z
    .enum(['podman', 'docker'])
    .default('podman')
    .describe('What runs it; the machine image has it, and nothing installs it.'),
});

const program = z
  .strictObject({
    archive: archive.optional().describe('A folder of the project, published as an archive. Default: none.'),
    container: container.optional().describe('A container image. Default: none.'),
    command: command
      .min(1)
      .describe(
        'Command that does one job: a program, relative to the archive or as the container knows it, and its arguments.',
      ),
  })
  .superRefine((value, context) => {
    if (value.archive !== undefined && value.command[0]?.split('/').includes('..') === true)
      context.addIssue({
        code: 'custom',
        path: ['command', 0],
        input: value.command[0],
        message: because(
          'it leaves the archive; what the machine image has is named by its absolute path',
          'write one like bin/words',
        ),
      });
    const why = 'a program is either an archive or a container';
    if (value.archive !== undefined && value.container !== undefined)
      context.addIssue(
        between(
          [['archive'], because(why, 'remove it, or remove container')],
          [['container'], because(why, 'remove it, or remove archive')],
        ),
      );
    if (value.archive === undefined && value.container === undefined)
      context.addIssue({
        code: 'custom',
        path: [],
        message: because(why, 'write archive: { path, version }, or container: { image }'),
      });
  });

export const breakerSchema = z.strictObject({
  consecutiveFailures: count(2, 1000)
    .default(5)
    .describe('Failed jobs in a row, of different ones, after which an instance takes no more.'),
  window: count(2, 1000).default(20).describe('Last jobs of an instance that `failureShare` is a share of.'),
  failureShare: z
    .number()
    .gt(0)
    .max(1)
    .default(0.8)
    .describe('Share of failed jobs, from 0 to 1, from which on an instance takes no more.'),
});

export const workerSchema = z
  .strictObject({
    command: command
      .default([])
      .describe(
        'Command that does one job, which the machine image has: a program and its arguments. Either this or `program`.',
      ),
    program: program.optional().describe('A program that is delivered to the instances. Default: none.'),
    timeoutSeconds: count(1, 43_200)
      .default(3600)
      .describe('Timeout of a job in seconds, where its queue has no other.'),
    jobsPerInstance: count(1, 64).default(1).describe('Jobs that an instance does at once.'),
    memoryMiBPerJob: count(16, 25_165_824)
      .optional()
      .describe('Memory of a job in MiB; one that takes more is killed. Default: unlimited.'),
    processesPerJob: count(1, 1_000_000)
      .optional()
      .describe('Processes and threads of a job at once. Default: unlimited.'),
    breaker: breakerSchema
      .prefault({})
      .describe('When an instance that fails its jobs takes no more of them and is replaced.'),
    logDays: count(1, 3653).default(30).describe('Days that logs are kept, rounded up to what CloudWatch Logs offers.'),
  })
  .superRefine((value, context) => {
    const why = 'a job is done either by a command or by a program';
    if (value.program === undefined && value.command.length === 0)
      context.addIssue(between([['command'], because(why, 'write command or program')]));
    if (value.program !== undefined && value.command.length > 0)
      context.addIssue(
        between(
          [['command'], because(why, 'remove it, or remove program')],
          [['program'], because(why, 'write command: [] beside it, or remove it')],
        ),
      );
  });

export type WorkerSettings = z.output<typeof workerSchema>;

/** What does the jobs, in one shape. */
export type WorkerProgram =
  | { readonly kind: 'command'; readonly command: readonly string[] }
  | {
      readonly kind: 'archive';
      readonly command: readonly string[];
      readonly path: string;
      readonly version: string;
      readonly sha256: string;
    }
  | {
      readonly kind: 'container';
      readonly command: readonly string[];
      readonly image: string;
      readonly engine: 'podman' | 'docker';
    };

export function programOf({
  command: own,
  program: delivered,
}: Pick<WorkerSettings, 'command' | 'program'>): WorkerProgram {
  if (delivered?.archive !== undefined) return { kind: 'archive', command: delivered.command, ...delivered.archive };
  if (delivered?.container !== undefined)
    return { kind: 'container', command: delivered.command, ...delivered.container };
  return { kind: 'command', command: own };
}

/** The parts of an image's name in Amazon ECR. */
export function ecrImage(image: string) {
  const [, account = '', region = '', china, repository = ''] =
    /^(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com(\.cn)?\/(.+)@sha256:/.exec(image) ?? [];
  const partition = china === undefined ? (region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws') : 'aws-cn';
  return { partition, account, region, repository };
}
