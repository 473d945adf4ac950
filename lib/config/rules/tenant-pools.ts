import { Cidr } from '../../net/cidr.ts';
import { largestPoolOf } from '../capacity.ts';
import type { Problem } from '../diagnostic.ts';
import { placedLeases } from '../placed-leases.ts';
import type { RuleInput } from './rule.ts';

/** Tenant networks are cut from a pool that is larger than they are. */
export function checkTenantPools(input: RuleInput): Problem[] {
  return [...pools(input), ...blueprints(input)];
}

function pools({ clouds }: RuleInput): Problem[] {
  return [...clouds.values()].flatMap(({ value, origin }) =>
    Object.entries(value.tenants).flatMap(([name, { cidr, prefixLength }]) => {
      const pool = Cidr.parse(cidr).prefixLength;
      if (prefixLength >= pool) return [];
      const message = `got ${prefixLength}; networks of this length do not fit into ${cidr}`;
      return [
        origin
          .at('tenants', name, 'prefixLength')
          .problem('pool-too-small', message, `write ${Math.max(24, pool)} or more`),
      ];
    }),
  );
}

function blueprints(input: RuleInput): Problem[] {
  const told = new Set<string>();
  return placedLeases(input).flatMap(({ lease, blueprint, cloud }) => {
    const { prefixLength } = blueprint.value;
    const largest = largestPoolOf(cloud.value);
    const key = `${blueprint.name} ${cloud.name}`;
    if (prefixLength >= largest || told.has(key)) return [];
    told.add(key);
    const message = Number.isFinite(largest)
      ? `got ${prefixLength}; the largest tenant pool of cloud ${cloud.name}, where lease ${lease.name} puts it, is a /${largest}`
      : `got ${prefixLength}; cloud ${cloud.name}, where lease ${lease.name} puts it, has no tenant pool`;
    const fix = Number.isFinite(largest) ? `write ${largest} or more` : `add one to tenants in ${cloud.file}`;
    return [blueprint.origin.at('prefixLength').problem('no-tenant-pool', message, fix)];
  });
}
