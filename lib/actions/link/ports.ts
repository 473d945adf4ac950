import type { AwsConnection } from '../../aws-api/connection.ts';
import { connect } from '../../aws-api/session.ts';
import { vpnTunnelsOf } from '../../aws-api/vpn-tunnels.ts';
import { actor } from '../../deploy/real.ts';
import type { LinkAndSides } from '../../link/choose.ts';
import { sshShell } from '../../link/ssh.ts';
import type { StatusPorts } from '../../link/status/ask.ts';
import { StackId } from '../../stack/id.ts';
import type { ActionContext } from '../context.ts';
import { withEnvironments } from '../env/ports.ts';

/** The real world of a link: SSH, and AWS by the environment's role. */
export async function withLink<T>(
  context: ActionContext,
  verb: string,
  chosen: LinkAndSides,
  work: (ports: StatusPorts) => Promise<T>,
): Promise<T> {
  const { cloud, environment } = chosen;
  return await withEnvironments(context, verb, async ({ project, ports }) => {
    const { root, environment: variables } = context;
    const entity = project.clouds.get(cloud.name);
    const way = {
      ...{ root, environment: variables },
      outputs: (stack: StackId) => ports.deployer.outputs(project, stack),
      consoleOf: async (id: string) => (entity === undefined ? undefined : await ports.cloud(entity).consoleOf(id)),
    };
    return await work({
      async tunnels() {
        return await vpnTunnelsOf(await awsOf(context, chosen), StackId.awsLink(environment.name));
      },
      shell: sshShell(way, chosen),
    });
  });
}

/** The account of the environment, by its role. */
export async function awsOf(
  { environment: variables }: Pick<ActionContext, 'environment'>,
  { environment }: Pick<LinkAndSides, 'environment'>,
): Promise<AwsConnection> {
  const { account, region, role } = environment.value.aws;
  return await connect({ environment: environment.name, account, region, role }, variables, actor(variables).by);
}
