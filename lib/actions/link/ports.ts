import { type AwsConnection, targetOf } from '../../aws-api/connection.ts';
import { connect } from '../../aws-api/session.ts';
import { vpnTunnelsOf } from '../../aws-api/vpn-tunnels.ts';
import type { Project } from '../../config/project.ts';
import { outputsOf } from '../../deploy/outputs.ts';
import type { DeployPorts } from '../../deploy/ports.ts';
import { actor } from '../../deploy/real.ts';
import type { LinkAndSides } from '../../link/choose.ts';
import { sshShell } from '../../link/ssh.ts';
import type { StatusPorts } from '../../link/status/ask.ts';
import { openCloud } from '../../openstack-api/open-cloud.ts';
import { consoleOf } from '../../openstack-api/servers-in-use.ts';
import { StackId } from '../../stack/id.ts';
import { engineOptions } from '../clouds.ts';
import type { ActionContext } from '../context.ts';

/** The real world of a link: SSH to gateways as they were last deployed, and AWS by the environment's role. */
export function linkPorts(
  context: ActionContext,
  project: Project,
  ports: DeployPorts,
  chosen: LinkAndSides,
): StatusPorts {
  const { root, environment: variables, signal } = context;
  const { cloud, environment } = chosen;
  const entity = project.clouds.get(cloud.name);
  return {
    async tunnels() {
      return await vpnTunnelsOf(await awsOf(context, chosen), StackId.awsLink(environment.name));
    },
    shell: sshShell(
      {
        ...{ root, environment: variables },
        outputs: (stack) => outputsOf(ports, project, stack, { ...engineOptions(context), readOnly: true }),
        consoleOf: async (id) =>
          entity === undefined ? undefined : await consoleOf(openCloud(context, entity).client.until(signal), id),
      },
      chosen,
    ),
  };
}

/** The account of the environment, by its role. */
export async function awsOf(
  { environment: variables }: Pick<ActionContext, 'environment'>,
  { environment }: Pick<LinkAndSides, 'environment'>,
): Promise<AwsConnection> {
  return await connect(targetOf(environment), variables, actor(variables).by);
}
