import { targetOf } from '../../aws-api/connection.ts';
import type { OpenFleetClients } from '../../aws-api/fleet-clients.ts';
import type { Project } from '../../config/project.ts';
import { actor } from '../../deploy/real.ts';
import { CloudFault } from '../../fleet/cloud.ts';
import { faultMet } from '../../fleet/errors.ts';
import type { Place } from '../../fleet/look/look.ts';
import { environmentNamed, requireProject } from '../configuration.ts';
import type { ActionContext } from '../context.ts';

/** The fleet of one environment, reached by its role. */
export interface OpenFleet {
  readonly project: Project;
  readonly account: string;
  readonly region: string;
  readonly clients: OpenFleetClients;
  readonly place: Place;
}

/**
 * Reaches the cluster of an environment through its role, after account, Region and role were compared, and closes the way whatever happens.
 * @throws TandemError `no-such-environment`, `wrong-account`, `wrong-region`, `wrong-role`, `cluster-missing`, `aws-…`
 */
export async function withFleet<T>(
  context: Pick<ActionContext, 'root' | 'now' | 'io' | 'environment'>,
  name: string,
  work: (fleet: OpenFleet) => Promise<T>,
): Promise<T> {
  const project = requireProject(context);
  const target = targetOf(environmentNamed(project, name));
  const [{ connect }, { fleetClients }, { readClusterParts }] = await Promise.all([
    import('../../aws-api/session.ts'),
    import('../../aws-api/fleet-clients.ts'),
    import('../../aws-api/worker-parameter.ts'),
  ]);
  const connection = await connect(target, context.environment, actor(context.environment).by);
  const clients = fleetClients(connection);
  try {
    const cluster = `${project.organisation.value.organisation.name}-${name}`;
    const parts = await readClusterParts(clients.looking.ssm, cluster, name);
    const place = { clients: clients.looking, parts, environment: name, now: () => clients.now() };
    return await work({ project, account: target.account, region: target.region, clients, place });
  } catch (error) {
    throw error instanceof CloudFault ? faultMet(error) : error;
  } finally {
    clients.close();
  }
}
