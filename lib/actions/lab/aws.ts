import { join } from 'node:path';
import { labAwsDown, labAwsStatus, labAwsUp, labCredentials, labEnvironment } from '../../../lab/aws/index.ts';
import { requireProject } from '../configuration.ts';
import type { ActionContext } from '../context.ts';
import type { Lab, LabOptions } from './kind.ts';
import { createDeployRole, rehearsedEnvironment } from './rehearsal.ts';

/** An AWS endpoint on loopback, with the account of one environment. */
export const awsLab: Lab = {
  async up(context, options) {
    const begun = performance.now();
    const target = rehearsedEnvironment(requireProject(context), options.environment);
    const { account, region, role, environment } = target;
    const { port, seed } = options;
    const { started, ...running } = await labAwsUp({
      ...folderOf(context, options),
      ...(port !== undefined && { port }),
      ...(seed !== undefined && { seed }),
    });
    await createDeployRole({ endpoint: running.url, region, role, credentials: labCredentials(account) });
    return {
      alreadyRunning: !started,
      seconds: secondsSince(begun),
      lab: { ...running, ...target },
      variables: labEnvironment(running.url, account, region),
      notes: [
        `It answers at ${running.url}, and has the role ${role} in account ${account} of the environment "${environment}".`,
        `Instances take their time to boot there, and calls are throttled as AWS does it; POST ${running.url}/_lab/time moves its time.`,
        `Once, with the variables below: npx cdk bootstrap aws://${account}/${region}`,
      ],
    };
  },
  async down(context, options) {
    const begun = performance.now();
    return { wasRunning: await labAwsDown(folderOf(context, options)), kept: [], seconds: secondsSince(begun) };
  },
  async status(context, options) {
    const result = await labAwsStatus(folderOf(context, options));
    if (result.state === 'stopped') return { state: 'stopped', services: [], lab: null };
    const { state, ...lab } = result;
    const detail = `${lab.url} (process ${lab.pid}, log ${lab.log})`;
    return { state, services: [{ name: 'endpoint', healthy: state === 'running', detail }], lab };
  },
};

/** Where the endpoint keeps its process file and its log. */
function folderOf(context: ActionContext, { directory }: LabOptions): { readonly directory: string } {
  return { directory: directory ?? join(context.root, '.tandem', 'lab-aws') };
}

function secondsSince(begun: number): number {
  return Math.round((performance.now() - begun) / 100) / 10;
}
