import { Cidr } from '../../net/cidr.ts';
import { largestPoolOf } from '../capacity.ts';
import type { Problem } from '../diagnostic.ts';
import { placedLeases } from '../placed-leases.ts';
import { smallestNetworkFor } from './lease-sizes.ts';
import type { RuleInput } from './rule.ts';

/** Tenant networks are cut from a pool that is larger than they are. */
export function checkTenantPools(input: RuleInput): Problem[] {
  return [...pools(input), ...blueprints(input)];
}

/** Prefix length; the schema accepts no smaller tenant network. */
const SMALLEST_NETWORK = 28;

function pools({ clouds }: RuleInput): Problem[] {
  return [...clouds.values()].flatMap(({ value, origin }) =>
    Object.entries(value.tenants).flatMap(([name, { cidr, prefixLength }]) => {
      const pool = Cidr.parse(cidr).prefixLength;
      if (prefixLength >= pool) return [];
      const message = `got ${prefixLength}; networks of this size do not fit into ${cidr}`;
      return [
        origin
          .at('tenants', name, 'prefixLength')
          .problem(
            'pool-too-small',
            message,
            pool > SMALLEST_NETWORK ? 'write a larger cidr' : `write ${Math.max(24, pool)} or more`,
          ),
      ];
    }),
  );
}

function blueprints(input: RuleInput): Problem[] {
  const told = new Set<string>();
  // Of the clouds that a blueprint is on, the one with the smallest pools is told: what fits there fits everywhere.
  const placed = [...placedLeases(input)].sort((a, b) => largestPoolOf(b.cloud.value) - largestPoolOf(a.cloud.value));
  return placed.flatMap(({ lease, blueprint, cloud, demand }) => {
    const { prefixLength } = blueprint.value;
    const largest = largestPoolOf(cloud.value);
    if (prefixLength >= largest || told.has(blueprint.name)) return [];
    told.add(blueprint.name);
    const message = Number.isFinite(largest)
      ? `got ${prefixLength}; the largest tenant pool of cloud ${cloud.name}, where lease ${lease.name} puts it, is a /${largest}`
      : `got ${prefixLength}; cloud ${cloud.name}, where lease ${lease.name} puts it, has no tenant pool`;
    const isEnough = largest <= smallestNetworkFor(demand);
    const fix = !Number.isFinite(largest)
      ? `add one to tenants in ${cloud.file}`
      : isEnough
        ? `write ${largest} or more`
        : `add a pool of at least a /${smallestNetworkFor(demand)} to tenants in ${cloud.file}`;
    return [blueprint.origin.at('prefixLength').problem('no-tenant-pool', message, fix)];
  });
}
