import type { Named } from '../../lib/config/project.ts';
import type { Link } from '../../lib/config/schema/link.ts';
import type { EnvironmentInputs } from './tandem-aws-stack.ts';

/** All that the cluster of an environment depends on. */
export interface ClusterInputs extends EnvironmentInputs {
  /** The link of the environment, where it has discovery: workers are agents then. */
  readonly link?: Named<Link>;
}
