import type { Problem } from '../../config/diagnostic.ts';
import type { RuleInput } from '../../config/rules/rule.ts';
import { takenGlobals } from '../kolla/globals.ts';
import { topologyOf } from '../topology/topology.ts';

/** No variable of `kolla.globals` says what a field of the cloud says. */
export function checkGlobals({ clouds }: RuleInput): Problem[] {
  return [...clouds.values()].flatMap(({ name, value, origin }) => {
    if (value.kolla === undefined) return [];
    return takenGlobals(value, value.kolla, topologyOf(name, value)).map(({ key, from }) => {
      const [said, instead] =
        from === undefined
          ? ['Tandem says it', '']
          : [`${from} says it, and rules and predictions read it there`, `, and write ${from} instead`];
      return origin
        .at('kolla', 'globals', key)
        .problem('kolla-key-taken', `got a variable of which ${said}`, `remove it${instead}`, { key: true });
    });
  });
}
