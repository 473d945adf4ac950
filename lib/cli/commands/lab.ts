import { join } from 'node:path';
import { buildCommand, buildRouteMap } from '@stricli/core';
import { usage } from '../../actions/errors.ts';
import { type CommonFlags, commonFlags } from '../common-flags.ts';
import type { TandemContext } from '../context.ts';
import { haLabDown, haLabStatus, haLabUp } from '../lab-ha.ts';
import { requireProject } from '../workspace.ts';

/** Loaded when asked for: the product runs where there is no lab. Nothing else in lib/ knows of it. */
const lab = () => import('../../../lab/openstack/index.ts');
const aws = () => import('../../../lab/aws/index.ts');

interface AwsFlags {
  readonly aws: boolean;
  readonly ha: boolean;
  readonly directory?: string;
}

interface UpFlags extends CommonFlags, AwsFlags {
  readonly hypervisors?: number;
  readonly environment?: string;
}

async function up(this: TandemContext, flags: UpFlags): Promise<void> {
  if (flags.aws) return upAws(this, flags);
  if (flags.ha) {
    if (flags.hypervisors !== undefined)
      throw usage('three controllers have no hypervisors', 'leave --hypervisors away, or --ha');
    await haLabUp(this, flags, interruption(this));
    return;
  }
  const { labUp } = await lab();
  const result = await labUp({
    ...(flags.hypervisors === undefined ? {} : { hypervisors: flags.hypervisors }),
    ...(flags.directory === undefined ? {} : { directory: flags.directory }),
    onProgress: ({ phase, message, seconds }) =>
      this.log(`${seconds.toFixed(0).padStart(4)} s  ${phase}: ${message}\n`),
    signal: interruption(this),
  });
  if (flags.json) {
    this.out(`${JSON.stringify(result, null, 2)}\n`);
    return;
  }
  const { lab: running, alreadyRunning, seconds } = result;
  this.out(alreadyRunning ? 'The lab runs already.\n' : `The lab is up after ${seconds.toFixed(0)} s.\n`);
  this.out(`It is the cloud "${running.cloudName}". To use it:\n`);
  for (const [name, value] of Object.entries(running.environment)) this.out(`  export ${name}=${value}\n`);
}

/** Where the AWS endpoint keeps its process file and its log. */
function awsDirectory(context: TandemContext, { directory: folder }: AwsFlags): { readonly directory: string } {
  return { directory: folder ?? join(context.root(), '.tandem', 'lab-aws') };
}

async function upAws(context: TandemContext, flags: UpFlags): Promise<void> {
  const { rehearsedEnvironment, createDeployRole } = await import('../rehearsal.ts');
  const { labAwsUp, labCredentials, labEnvironment } = await aws();
  const target = rehearsedEnvironment(requireProject(context), flags.environment);
  const { account, region, role } = target;
  const running = await labAwsUp(awsDirectory(context, flags));
  await createDeployRole({ endpoint: running.url, region, role, credentials: labCredentials(account) });
  const environment = labEnvironment(running.url, account, region);
  if (flags.json) {
    context.out(`${JSON.stringify({ ...running, ...target, variables: environment }, null, 2)}\n`);
    return;
  }
  context.out(`The AWS endpoint ${running.started ? 'is up' : 'runs already'} at ${running.url}.\n`);
  context.out(`It has the role ${role} in account ${account}. To use it as the environment "${target.environment}":\n`);
  for (const [name, value] of Object.entries(environment)) context.out(`  export ${name}=${value}\n`);
  context.out(`Then, once: npx cdk bootstrap aws://${account}/${region}\n`);
}

interface DownFlags extends CommonFlags, AwsFlags {
  readonly keepPackages: boolean;
}

async function down(this: TandemContext, flags: DownFlags): Promise<void> {
  if (flags.aws) {
    const { labAwsDown } = await aws();
    const wasRunning = await labAwsDown(awsDirectory(this, flags));
    if (flags.json) this.out(`${JSON.stringify({ wasRunning }, null, 2)}\n`);
    else
      this.out(wasRunning ? 'The AWS endpoint is down, and what it held is gone.\n' : 'No AWS endpoint was running.\n');
    return;
  }
  if (flags.ha) {
    await haLabDown(this, flags);
    return;
  }
  const { labDown } = await lab();
  const result = await labDown({
    keepPackages: flags.keepPackages,
    ...(flags.directory === undefined ? {} : { directory: flags.directory }),
    onProgress: ({ phase, message, seconds }) =>
      this.log(`${seconds.toFixed(0).padStart(4)} s  ${phase}: ${message}\n`),
  });
  if (flags.json) this.out(`${JSON.stringify(result, null, 2)}\n`);
  else
    this.out(result.wasRunning ? `The lab is down after ${result.seconds.toFixed(0)} s.\n` : 'No lab was running.\n');
}

async function status(this: TandemContext, flags: CommonFlags & AwsFlags): Promise<void> {
  if (flags.aws) return statusAws(this, flags);
  if (flags.ha) {
    await haLabStatus(this, flags);
    return;
  }
  const { labStatus } = await lab();
  const result = await labStatus(flags.directory === undefined ? {} : { directory: flags.directory });
  if (flags.json) this.out(`${JSON.stringify(result, null, 2)}\n`);
  else {
    this.out(`The lab is ${result.state}.\n`);
    for (const { name, healthy, detail } of result.services)
      this.out(`  ${healthy ? 'ok  ' : 'FAIL'} ${name}: ${detail}\n`);
  }
  this.process.exitCode = result.state === 'running' ? 0 : 1;
}

async function statusAws(context: TandemContext, flags: CommonFlags & AwsFlags): Promise<void> {
  const { labAwsStatus } = await aws();
  const result = await labAwsStatus(awsDirectory(context, flags));
  const where = result.state === 'stopped' ? '' : ` at ${result.url} (process ${result.pid}, log ${result.log})`;
  context.out(flags.json ? `${JSON.stringify(result, null, 2)}\n` : `The AWS endpoint is ${result.state}${where}.\n`);
  context.process.exitCode = result.state === 'running' ? 0 : 1;
}

/** Ctrl-C ends the start cleanly; a second one ends the process. */
function interruption(context: TandemContext): AbortSignal {
  const controller = new AbortController();
  context.process.once('SIGINT', () => controller.abort());
  return controller.signal;
}

const directory = {
  kind: 'parsed',
  parse: String,
  brief:
    'Folder of the lab; default: /var/lib/tandem-lab, /var/lib/tandem-lab-ha with --ha, or .tandem/lab-aws in the project',
  optional: true,
  placeholder: 'FOLDER',
} as const;

const ha = {
  kind: 'boolean',
  brief: 'Three controllers that `tandem cloud drill` breaks, in name spaces of their own, beside any other lab',
  default: false,
  withNegated: false,
} as const;

const awsFlag = {
  kind: 'boolean',
  brief: 'An AWS endpoint to rehearse against, instead of the OpenStack',
  default: false,
  withNegated: false,
} as const;

const upCommand = buildCommand({
  func: up,
  parameters: {
    flags: {
      ...commonFlags,
      ha,
      hypervisors: {
        kind: 'parsed',
        parse: Number,
        brief: 'Hypervisors over three zones, 2 to 30; default: 6',
        optional: true,
        placeholder: 'N',
      },
      aws: awsFlag,
      environment: {
        kind: 'parsed',
        parse: String,
        brief: 'With --aws: environment whose account to rehearse; default: the first that may be destroyed again',
        optional: true,
        placeholder: 'NAME',
      },
      directory,
    },
  },
  docs: {
    brief: 'Start a real OpenStack control plane on this machine',
    fullDescription:
      'Needs root on Debian 12. From nothing it takes some minutes, from installed packages less than two.\n\nExamples:\n  tandem lab up\n  tandem lab up --hypervisors 12\n  tandem lab up --ha\n  tandem lab up --aws          an AWS endpoint on loopback; no root',
  },
});

const downCommand = buildCommand({
  func: down,
  parameters: {
    flags: {
      ...commonFlags,
      ha,
      keepPackages: {
        kind: 'boolean',
        brief: 'Keep what makes the next start quick',
        default: false,
        withNegated: false,
      },
      aws: awsFlag,
      directory,
    },
  },
  docs: { brief: 'Stop the lab, and remove what it made' },
});

const statusCommand = buildCommand({
  func: status,
  parameters: { flags: { ...commonFlags, ha, aws: awsFlag, directory } },
  docs: { brief: 'Ask every service of the lab; exit 1 unless all answer' },
});

export const labRoutes = buildRouteMap({
  routes: { up: upCommand, down: downCommand, status: statusCommand },
  docs: { brief: 'A real OpenStack control plane, or an AWS endpoint, on loopback, to try things on' },
});
