import type { Problem } from '../diagnostic.ts';
import { cloudNameOf } from '../placed-leases.ts';
import { flavorsFor, tooSmall } from './blueprint-on-cloud.ts';
import type { RuleInput } from './rule.ts';
import { unknownName } from './unknown-name.ts';

/** A lease names a blueprint, a cloud, tiers of the one and flavors of the other. */
export function checkLeaseReferences(input: RuleInput): Problem[] {
  return [...input.leases.values()].flatMap((lease) => {
    const { value, origin } = lease;
    const problems: Problem[] = [];
    if (!input.names.blueprint.has(value.blueprint)) {
      problems.push(unknownName(origin.at('blueprint'), 'blueprint', value.blueprint, input.names.blueprint));
    }
    // The default cloud is the organisation's to get right.
    if (value.cloud !== undefined && !input.names.cloud.has(value.cloud)) {
      problems.push(unknownName(origin.at('cloud'), 'cloud', value.cloud, input.names.cloud));
    }
    const tiers = input.blueprints.get(value.blueprint)?.value.tiers;
    const cloud = input.clouds.get(cloudNameOf(input, lease) ?? '');
    for (const [name, { flavor }] of Object.entries(value.tiers)) {
      const at = origin.at('tiers', name);
      if (tiers !== undefined && !Object.hasOwn(tiers, name)) {
        problems.push(
          unknownName(at, 'tier', name, notIn(value.tiers, Object.keys(tiers)), {
            where: `in blueprint ${value.blueprint}`,
            key: true,
          }),
        );
        continue;
      }
      if (flavor === undefined || cloud === undefined) continue;
      const flavors = cloud.value.flavors;
      if (!Object.hasOwn(flavors, flavor)) {
        problems.push(
          unknownName(at.at('flavor'), 'flavor', flavor, flavorsFor(tiers?.[name]?.image ?? '', cloud.value), {
            where: `in cloud ${cloud.name}`,
          }),
        );
      } else {
        problems.push(...tooSmall(at.at('flavor'), flavor, tiers?.[name]?.image ?? '', cloud.value));
      }
    }
    return problems;
  });
}

/** Names that a map does not have yet: what is renamed must not be there twice. */
function notIn(map: Readonly<Record<string, unknown>>, names: readonly string[]): string[] {
  return names.filter((name) => !Object.hasOwn(map, name));
}
