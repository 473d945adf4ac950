import type { CloudResource } from '../openstack-api/cloud-api.ts';
import { counted } from '../text/plural.ts';
import { accessOf } from './access.ts';
import { ask } from './ask.ts';
import { provideCredentials } from './credentials.ts';
import { sweepProject } from './execute-sweep.ts';
import { waitUntilHealthy } from './health.ts';
import { runVerb } from './operation.ts';
import type { DevPorts } from './ports.ts';
import { describeChanges } from './review.ts';
import { summarise } from './sweep.ts';
import { requireApproved } from './update/approval.ts';
import { type DevEnvironment, requireEnvironment, requireValid } from './workspace.ts';

export interface RepairResult {
  readonly environment: DevEnvironment;
  /** Changes that were made on the cloud; 0 where nothing was lost. */
  readonly changes: number;
}

/**
 * Makes anew what an environment lost in its cloud: parts that were deleted by hand, its project, or all of it with the cloud. What is
 * lost is what the cloud itself says is not there. Asks, and says which data is gone. Safe to run again after an interruption.
 * @throws TandemError `no-such-lease`, `foreign-stack`, `declined`, `sweep-stuck`, and those of a cloud that gives no answer
 */
export async function repairEnvironment(ports: DevPorts, name: string): Promise<RepairResult> {
  const project = requireValid(name, ports.files, ports.clock.now());
  const environment = requireEnvironment(project, name);
  const { stack } = environment;
  await ports.deployer.requireOurs(project, stack);
  await requireApproved(ports, project, environment);
  const cloud = ports.cloud(environment.cloud);
  const { addresses, project: gone } = await ports.deployer.lost(project, stack);
  const left = gone === undefined ? [] : await cloud.contents(gone);
  if (addresses.length > 0) await ask(ports.io, question(name, addresses, gone, left));

  const resume = `tandem env repair ${name}`;
  const work = { verb: 'env repair', stack, inputs: { name, projectId: gone ?? '' }, resume };
  return await runVerb(ports, work, async (operation) => {
    if (gone !== undefined) {
      const { clock, signal, io } = ports;
      const onRemove = ({ kind, name: thing, id }: CloudResource): void =>
        io.progress(`removing ${kind} ${thing === '' ? id : thing}`);
      const sweep = () => sweepProject(cloud, gone, { clock, signal, environment: name, onRemove });
      await operation.step('sweep', sweep);
    }
    const { changes } = await ports.deployer.apply({
      ...{ project, stack, operation, verb: 'env repair', recreate: true },
      confirm: async (plan) => {
        const { update, interrupt, replace, delete: removed } = plan.summary;
        // That what is lost is made anew was asked; what else the cloud would lose is asked about.
        const isAsked = addresses.length > 0 && update + interrupt + replace + removed === 0;
        return isAsked || (await ports.io.confirm(describeChanges(plan)));
      },
    });
    const { projectId } = await accessOf(ports, project, environment);
    await operation.step('health', () => waitUntilHealthy(ports, environment, projectId));
    await provideCredentials(ports, { project, environment, projectId });
    return { environment, changes };
  });
}

function question(
  name: string,
  addresses: readonly string[],
  project: string | undefined,
  left: readonly CloudResource[],
): string {
  const ofType = (type: string): number => addresses.filter((each) => each.startsWith(`openstack_${type}_`)).length;
  const data = [
    ...(ofType('compute_instance') === 0 ? [] : [`the root disks of ${counted(ofType('compute_instance'), 'server')}`]),
    ...(ofType('blockstorage_volume') === 0
      ? []
      : [`the content of ${counted(ofType('blockstorage_volume'), 'volume')}`]),
  ];
  const remains = summarise(left);
  return [
    `${name} has lost ${counted(addresses.length, 'resource')} in its cloud: ${addresses.join(', ')}.`,
    ...(data.length === 0 ? [] : [`Already gone with them: ${data.join(' and ')}.`]),
    ...(project === undefined ? [] : [`Its project ${project} does not exist any more.`]),
    ...(remains === ''
      ? []
      : [`CAUTION: nobody can reach what still stands in it, which is removed, with its data: ${remains}.`]),
    `Create what is lost anew?`,
  ].join('\n');
}
