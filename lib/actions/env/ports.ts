import { directoryFiles } from '../../config/files.ts';
import type { Project } from '../../config/project.ts';
import { deployPorts } from '../../deploy/real.ts';
import { systemClock } from '../../dev/clock.ts';
import { stackDeployer } from '../../dev/deployer.ts';
import { commandLeaseRepository } from '../../dev/lease-commit.ts';
import type { DevIo, DevPorts } from '../../dev/ports.ts';
import { askBySsh } from '../../dev/use/programs.ts';
import { commandGit } from '../../git/command-git.ts';
import { OpenStackClient } from '../../openstack-api/client.ts';
import type { CloudApi } from '../../openstack-api/cloud-api.ts';
import { environmentOf } from '../../openstack-api/cloud-environment.ts';
import { readCloudAccess } from '../../openstack-api/clouds-yaml.ts';
import { OpenStackCloud } from '../../openstack-api/openstack-cloud.ts';
import { engineOptions, withClouds } from '../clouds.ts';
import { requireProject } from '../configuration.ts';
import { type ActionContext, inform, warnerOf } from '../context.ts';
import { commitsOf, judged } from '../plan/judge.ts';

/** Who comes second to a new cloud waits for its base, which takes less. */
const BASE_SECONDS = 900;

/** What an action on dev environments works with. */
interface Work {
  readonly project: Project;
  readonly ports: DevPorts;
}

/**
 * Runs an action on dev environments over the real world.
 * @param verb what asks: `env-create`
 * @throws TandemError `invalid-configuration`, and what the stores throw where they cannot be opened
 */
export async function withEnvironments<T>(
  context: ActionContext,
  verb: string,
  action: (work: Work) => Promise<T>,
): Promise<T> {
  const { root, environment, signal } = context;
  const project = requireProject(context);
  return await withClouds(context, project, async (stores) => {
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
        portsFor: (changed) => deployPorts({ root, project: changed, environment, warn: warnerOf(context) }),
        ...engineOptions(context),
        lockTimeoutSeconds: BASE_SECONDS,
        root,
        review: async (of, changed, plan) => await judged(context, changed, plan, await commitsOf(of.records, plan)),
        // A verb of its own began the operation, and says so where it goes on with one.
        emit: (event) => (event.kind === 'operation' ? undefined : context.io.emit(event)),
      }),
      io: ioOf(context, verb),
      cloud: cloudsOf(context),
      askPrograms: (name, server) => askBySsh(ports, environment)(name, server),
    };
    return await action({ project, ports });
  });
}

/** A question's last line is what is answered; those before it are there to be read. */
function ioOf(context: ActionContext, verb: string): DevIo {
  return {
    progress: (text) => inform(context, text),
    confirm: (question) => {
      const lines = question.split('\n');
      const text = lines.at(-1) ?? question;
      return context.io.confirm({ code: verb, text, ...(lines.length > 1 ? { details: question } : {}) });
    },
  };
}

/** Each cloud's API, opened when it is first asked. */
function cloudsOf({ root, environment, signal, io }: ActionContext): DevPorts['cloud'] {
  const clouds = new Map<string, CloudApi>();
  return (entity) => {
    const known = clouds.get(entity.name);
    if (known !== undefined) return known;
    const entry = entity.value.endpoint.cloudsYaml;
    const access = readCloudAccess(entry, environmentOf({ root, environment }, entity), root);
    const client = OpenStackClient.open(access, {
      cloud: entity.name,
      onRetry: (reason, attempt, delaySeconds) => io.emit({ kind: 'api-retry', reason, attempt, delaySeconds }),
    });
    const api = new OpenStackCloud(client.until(signal), { name: entity.name, entry });
    clouds.set(entity.name, api);
    return api;
  };
}
