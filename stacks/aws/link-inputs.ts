import type { LinkZone } from '../../lib/config/link/zones.ts';
import type { Named } from '../../lib/config/project.ts';
import type { Link } from '../../lib/config/schema/link.ts';
import type { EnvironmentInputs } from './tandem-aws-stack.ts';

/** All that the AWS side of a link depends on. */
export interface LinkInputs extends EnvironmentInputs {
  readonly link: Named<Link>;
  /** Who answers which names. */
  readonly zones: readonly LinkZone[];
}
