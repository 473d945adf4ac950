import { withProjectSecrets } from '../../deploy/project-secrets.ts';
import { requireEnvironment } from '../../dev/workspace.ts';
import { endpointUnknown, noJobsInLease } from '../../jobs/errors.ts';
import { endpointConnection, endpointSecretOf, endpointTierOf, endpointUrlOf } from '../../jobs/lease-endpoint.ts';
import { type ClusterJobs, openJobs } from '../../jobs/open.ts';
import type { ActionContext } from '../context.ts';
import { withEnvironments } from '../env/ports.ts';

/** The jobs of a dev environment: of its AWS endpoint, at the address that its stack says. */
export async function openLeaseJobs(context: ActionContext, name: string): Promise<ClusterJobs> {
  return await withEnvironments(context, 'job', async ({ project, ports }) => {
    const environment = requireEnvironment(project, name);
    const place = endpointTierOf(environment.blueprint.value);
    if (place === undefined) throw noJobsInLease(name, environment.blueprint.name);
    const endpoint = endpointUrlOf(await ports.deployer.outputs(project, environment.stack), place.tier);
    if (endpoint === undefined) throw endpointUnknown(name);
    const access = { root: context.root, project, environment: context.environment };
    return await withProjectSecrets(access, (store) =>
      store.use(endpointSecretOf(name), (key) =>
        openJobs(endpointConnection(endpoint, place.region, key), `env/${name}`, name),
      ),
    );
  });
}
