import type { Problem } from '../diagnostic.ts';
import type { Cloud } from '../schema/cloud.ts';
import type { RuleInput } from './rule.ts';

export type Plane = Cloud['planes']['internal'];

/** The planes that a cloud has. */
export function planesOf(cloud: Cloud): (readonly [name: string, plane: Plane])[] {
  return Object.entries(cloud.planes).filter((entry): entry is [string, Plane] => entry[1] !== undefined);
}

/** Whether two planes of a cloud are one network, as it says itself. */
export function areShared({ sharedPlanes }: Pick<Cloud, 'sharedPlanes'>, one: string, other: string): boolean {
  return sharedPlanes.some((names) => [one, other].every((name) => names.some((each) => each === name)));
}

/** Planes are networks of their own, unless the cloud says otherwise: no VLAN carries two. */
export function checkPlanes({ clouds }: RuleInput): Problem[] {
  return [...clouds.values()].flatMap(({ value, origin }) => {
    const vlans = new Map<number, string>();
    return planesOf(value).flatMap(([name, { vlan }]) => {
      if (vlan === undefined) return [];
      const other = vlans.get(vlan);
      vlans.set(vlan, other ?? name);
      if (other === undefined || areShared(value, name, other)) return [];
      const message = `got ${vlan}; plane ${other} has this VLAN`;
      return [
        origin
          .at('planes', name, 'vlan')
          .problem('duplicate-vlan', message, 'write a VLAN id of its own, or name both planes in sharedPlanes'),
      ];
    });
  });
}
