import { loadProject } from '../../../lib/config/load.ts';
import type { Entity, Project } from '../../../lib/config/project.ts';
import type { Blueprint } from '../../../lib/config/schema/blueprint.ts';
import type { Cloud } from '../../../lib/config/schema/cloud.ts';
import { CODE_ROOT } from '../../../lib/synthesis/code.ts';
import { configured, type Edit } from '../../configured.ts';

/** Two tiers that run something, and one that does not. */
export const CACHES = `description: Caches and a queue
tiers:
  bastion: { image: debian-12, flavor: small }
  cache: { image: debian-12, flavor: small, count: 2, runs: [memcached] }
  queue: { image: debian-12, flavor: medium, count: 3, runs: [rabbitmq] }
`;

export function caches(edits: readonly Edit[] = []): {
  readonly project: Project;
  readonly blueprint: Entity<Blueprint>;
  readonly cloud: Entity<Cloud>;
} {
  const { project } = loadProject(configured(CODE_ROOT, edits, { 'config/blueprints/caches.yaml': CACHES }));
  const blueprint = project?.blueprints.get('caches');
  const cloud = project?.clouds.get('lab');
  if (project === undefined || blueprint === undefined || cloud === undefined) throw new Error('caches did not load');
  return { project, blueprint, cloud };
}
