import { directoryFiles } from '../config/files.ts';
import { deployPorts } from '../deploy/real.ts';
import { systemClock } from '../dev/clock.ts';
import { stackDeployer } from '../dev/deployer.ts';
import { commandLeaseRepository } from '../dev/lease-commit.ts';
import type { DevPorts } from '../dev/ports.ts';
import { commandGit } from '../git/command-git.ts';
import { OpenStackClient } from '../openstack-api/client.ts';
import type { CloudApi } from '../openstack-api/cloud-api.ts';
import { environmentOf } from '../openstack-api/cloud-environment.ts';
import { readCloudAccess } from '../openstack-api/clouds-yaml.ts';
import { OpenStackCloud } from '../openstack-api/openstack-cloud.ts';
import { type AskFlags, ask } from './asking.ts';
import type { CommonFlags } from './common-flags.ts';
import type { TandemContext } from './context.ts';
import { deployProgress } from './deploy-progress.ts';
import { interruption } from './interruption.ts';
import { requireProject } from './workspace.ts';

export type EnvironmentFlags = CommonFlags & AskFlags;

/** Resources of a stack at once: as many as an OpenStack answers well. */
const PARALLELISM = 20;
/** Who comes second to a new cloud waits for its base, which takes less. */
const BASE_SECONDS = 900;

/** The real world for `env` verbs; `end` takes the moving line of progress away. */
async function openEnvironments(
  context: TandemContext,
  flags: EnvironmentFlags,
): Promise<{ ports: DevPorts; end: () => void }> {
  const root = context.root();
  const environment = context.process.env;
  const project = requireProject(context);
  const stores = await deployPorts({ root, project, environment });
  const signal = interruption(context);
  const progress = deployProgress(context);
  const clouds = new Map<string, CloudApi>();
  const ports: DevPorts = {
    root,
    files: directoryFiles(root),
    repository: commandLeaseRepository(root, signal),
    git: commandGit(root),
    records: stores.records,
    journal: stores.journal,
    locks: stores.locks,
    actor: stores.actor,
    clock: systemClock,
    signal,
    deployer: stackDeployer({
      portsFor: (changed) => deployPorts({ root, project: changed, environment }),
      signal,
      parallelism: flags.parallelism ?? PARALLELISM,
      lockTimeoutSeconds: BASE_SECONDS,
      emit: (event) => {
        // A verb of its own began the operation, and says so where it goes on with one.
        if (event.kind !== 'operation') progress.emit(event);
      },
    }),
    io: {
      progress: (text) => context.log(`${text}\n`),
      confirm: (question) => {
        context.log(`${question}\n`);
        return ask(context, flags, question.split('\n').at(-1) ?? question);
      },
    },
    cloud(entity) {
      const known = clouds.get(entity.name);
      if (known !== undefined) return known;
      const entry = entity.value.endpoint.cloudsYaml;
      const access = readCloudAccess(entry, environmentOf({ root, environment }, entity), root);
      const onRetry = (reason: string, attempt: number, delay: number): void =>
        context.log(`${reason}; attempt ${attempt + 1} in ${delay.toFixed(1)} s\n`);
      const client = OpenStackClient.open(access, { cloud: entity.name, onRetry });
      const api = new OpenStackCloud(client, { name: entity.name, entry, signal });
      clouds.set(entity.name, api);
      return api;
    },
  };
  return { ports, end: () => progress.end() };
}

/** Runs an `env` verb over the real world, and ends its progress whatever happens. */
export async function withEnvironments<T>(
  context: TandemContext,
  flags: EnvironmentFlags,
  action: (ports: DevPorts) => Promise<T>,
): Promise<T> {
  const { ports, end } = await openEnvironments(context, flags);
  try {
    return await action(ports);
  } finally {
    end();
  }
}
