import { buildCommand, buildRouteMap } from '@stricli/core';
import type { TandemContext } from '../context.ts';
import { type CommonFlags, commonFlags } from '../flags.ts';

/** Loaded when asked for: the product runs where there is no lab. Nothing else in lib/ knows of it. */
const lab = () => import('../../../lab/openstack/index.ts');

interface UpFlags extends CommonFlags {
  readonly hypervisors?: number;
  readonly directory?: string;
}

async function up(this: TandemContext, flags: UpFlags): Promise<void> {
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

interface DownFlags extends CommonFlags {
  readonly keepPackages: boolean;
  readonly directory?: string;
}

async function down(this: TandemContext, flags: DownFlags): Promise<void> {
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

interface StatusFlags extends CommonFlags {
  readonly directory?: string;
}

async function status(this: TandemContext, flags: StatusFlags): Promise<void> {
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

/** Ctrl-C ends the start cleanly; a second one ends the process. */
function interruption(context: TandemContext): AbortSignal {
  const controller = new AbortController();
  context.process.once('SIGINT', () => controller.abort());
  return controller.signal;
}

const directory = {
  kind: 'parsed',
  parse: String,
  brief: 'Folder of the lab; default: /var/lib/tandem-lab',
  optional: true,
  placeholder: 'FOLDER',
} as const;

const upCommand = buildCommand({
  func: up,
  parameters: {
    flags: {
      ...commonFlags,
      hypervisors: {
        kind: 'parsed',
        parse: Number,
        brief: 'Hypervisors over three zones, 2 to 30; default: 6',
        optional: true,
        placeholder: 'N',
      },
      directory,
    },
  },
  docs: {
    brief: 'Start a real OpenStack control plane on this machine',
    fullDescription:
      'Needs root on Debian 12. From nothing it takes some minutes, from installed packages less than two.\n\nExamples:\n  tandem lab up\n  tandem lab up --hypervisors 12',
  },
});

const downCommand = buildCommand({
  func: down,
  parameters: {
    flags: {
      ...commonFlags,
      keepPackages: {
        kind: 'boolean',
        brief: 'Keep what makes the next start quick',
        default: false,
        withNegated: false,
      },
      directory,
    },
  },
  docs: { brief: 'Stop the lab, and remove what it made' },
});

const statusCommand = buildCommand({
  func: status,
  parameters: { flags: { ...commonFlags, directory } },
  docs: { brief: 'Ask every service of the lab; exit 1 unless all answer' },
});

export const labRoutes = buildRouteMap({
  routes: { up: upCommand, down: downCommand, status: statusCommand },
  docs: { brief: 'A real OpenStack control plane on loopback, to try things on' },
});
