import type { Cloud } from '../../config/schema/cloud.ts';

type Layout = Cloud['layout'];
type Hosts = Cloud['hosts'];

/** Roles that hosts of their own carry in a separated cloud. */
const OWN_ROLES = new Set(['database', 'queue', 'load-balancer', 'ovn', 'network']);

/**
 * The same configuration in another layout. `separated`: as it stands. `converged`: the control hosts carry what has hosts of its own;
 * those are left out. `starter`: the first control host alone carries it. Pure.
 */
export function inLayout(cloud: Cloud, layout: Layout): Cloud {
  if (layout === 'separated') return { ...cloud, layout };
  let seen = 0;
  const hosts: Hosts = {};
  for (const [name, group] of Object.entries(cloud.hosts)) {
    const isControl = group.roles.includes('control');
    const kept = group.roles.filter(
      (role) => !OWN_ROLES.has(role) || (isControl && role !== 'database' && role !== 'queue'),
    );
    const count = !isControl || layout === 'converged' ? group.count : seen === 0 ? 1 : 0;
    if (isControl) seen += count;
    const roles = kept.filter((role) => !isControl || role === 'control' || !OWN_ROLES.has(role));
    if (roles.length > 0 && count > 0) hosts[name] = { ...group, roles, count };
  }
  return { ...cloud, layout, hosts };
}
