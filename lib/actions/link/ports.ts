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
    const { account, region, role } = environment.value.aws;
    const { root, environment: variables } = context;
    const entity = project.clouds.get(cloud.name);
    const way = {
      ...{ root, environment: variables },
      outputs: (stack: StackId) => ports.deployer.outputs(project, stack),
      consoleOf: async (id: string) => (entity === undefined ? undefined : await ports.cloud(entity).consoleOf(id)),
    };
    return await work({
      async tunnels() {
        const target = { environment: environment.name, account, region, role };
        const connection = await connect(target, variables, actor(variables).by);
        return await vpnTunnelsOf(connection, StackId.awsLink(environment.name));
      },
      shell: sshShell(way, chosen),
    });
  });
}
