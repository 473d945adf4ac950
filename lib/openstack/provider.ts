import { OpenstackProvider } from '@cdktf/provider-openstack/lib/provider';
import type { Construct } from 'constructs';

export interface ProviderProps {
  /** Entry of the operator's clouds.yaml that holds the credentials; none stand in the artefact. */
  readonly cloudsYaml: string;
  readonly region: string;
}

/** The provider, configured by clouds.yaml. Its id has a capital, which no name of the configuration has. */
export function addProvider(scope: Construct, props: ProviderProps): OpenstackProvider {
  return new OpenstackProvider(scope, 'Provider', { cloud: props.cloudsYaml, region: props.region });
}

export interface ProjectProviderProps {
  /** URL of Keystone, version 3. */
  readonly authUrl: string;
  readonly region: string;
  /** Id of the project to work in, or a reference to it. What must exist before the project is worked in hangs on this. */
  readonly projectId: string;
}

/**
 * The provider, scoped to a project of this stack: servers and volumes are made in the project that the token is for. The provider
 * ignores `tenant_id` where `cloud` is set, so this one takes who is calling from OS_USERNAME, OS_PASSWORD and OS_USER_DOMAIN_NAME
 * or their like (`docs/decisions/0004-openstack-credentials.md`), and is kept from taking OS_CLOUD.
 */
export function addProjectProvider(scope: Construct, props: ProjectProviderProps): OpenstackProvider {
  return new OpenstackProvider(scope, 'ProjectProvider', {
    alias: 'project',
    cloud: '',
    authUrl: props.authUrl,
    region: props.region,
    tenantId: props.projectId,
  });
}
