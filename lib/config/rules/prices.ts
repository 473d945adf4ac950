import { nearestOf } from '../../text/nearest.ts';
import type { Problem } from '../diagnostic.ts';
import type { RuleInput } from './rule.ts';
import { unknownName } from './unknown-name.ts';

/** A price list is of a cloud, and prices each of its volume types. */
export function checkPrices({ prices, clouds, names }: RuleInput): Problem[] {
  return [...prices.values()].flatMap(({ name, value, origin, file }) => {
    if (!names.cloud.has(name)) {
      const message = `got the file name "${name}"; there is no cloud of this name`;
      const meant = nearestOf(
        name,
        [...names.cloud].filter((each) => !names.prices.has(each)),
      );
      const fix =
        meant === undefined ? 'name the file after a cloud, or remove it' : `rename the file to ${meant}.yaml`;
      return [{ code: 'unknown-cloud', severity: 'error', file, line: 1, column: 1, path: '', message, fix }];
    }
    const cloud = clouds.get(name)?.value;
    const kinds = Object.keys(cloud?.hardware ?? {});
    const hardware = Object.keys(cloud === undefined ? {} : value.hardware)
      .filter((kind) => !kinds.includes(kind))
      .map((kind) =>
        unknownName(
          origin.at('hardware', kind),
          'hardware',
          kind,
          kinds.filter((each) => !Object.hasOwn(value.hardware, each)),
          { where: `in cloud ${name}`, key: true },
        ),
      );
    const types = Object.keys(cloud?.storage.volumeTypes ?? {});
    if (types.length === 0) return hardware;
    const at = origin.at('volumeGiB');
    const unknown = Object.keys(value.volumeGiB).filter((type) => !types.includes(type));
    const missing = types.filter((type) => !Object.hasOwn(value.volumeGiB, type));
    return [
      ...hardware,
      ...unknown.map((type) =>
        unknownName(at.at(type), 'volume type', type, missing, { where: `in cloud ${name}`, key: true }),
      ),
      // Where a name is wrong, the right one is missing: one slip, told once.
      ...(unknown.length > 0 ? [] : missing).map((type) =>
        at.problem(
          'missing-price',
          `volume type "${type}" of cloud ${name} has no price; its cost would be unknown`,
          `write ${type}: <price of a GiB a month>`,
          { key: true },
        ),
      ),
    ];
  });
}
