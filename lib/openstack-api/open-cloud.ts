import type { Entity } from '../config/project.ts';
import type { Cloud } from '../config/schema/cloud.ts';
import { OpenStackClient } from './client.ts';
import { environmentOf } from './cloud-environment.ts';
import { readCloudAccess } from './clouds-yaml.ts';
import { assertExpectedIdentity } from './identity.ts';

/** A configured cloud, as the operator's credentials reach it. Nothing is asked before the first call. */
export function openCloud(
  { root, environment }: { readonly root: string; readonly environment: NodeJS.ProcessEnv },
  cloud: Entity<Cloud>,
) {
  const { cloudsYaml, authUrl, project } = cloud.value.endpoint;
  const access = readCloudAccess(cloudsYaml, environmentOf({ root, environment }, cloud), root);
  const client = OpenStackClient.open(access, { cloud: cloud.name });
  return {
    cloud: cloud.name,
    client,
    /** @throws TandemError `wrong-cloud` */
    assertIdentity: async (): Promise<void> =>
      assertExpectedIdentity({ name: cloud.name, authUrl, project }, client.authUrl, await client.whoami()),
  };
}
