import { leavesProject } from '../boot-text.ts';
import type { Problem } from '../diagnostic.ts';
import { allBlueprints, type Entity } from '../project.ts';
import type { Blueprint } from '../schema/blueprint.ts';
import { reservedName } from './reserved-name.ts';
import type { RuleInput } from './rule.ts';
import { unknownName } from './unknown-name.ts';

/** What a blueprint says of itself: the SSH tier exists, port ranges are ranges, no port is opened twice to one peer. */
export function checkBlueprints(input: RuleInput): Problem[] {
  return allBlueprints(input).flatMap((blueprint) => [...ssh(blueprint), ...tiers(blueprint)]);
}

function ssh({ value, origin }: Entity<Blueprint>): Problem[] {
  if (value.ssh === undefined || Object.hasOwn(value.tiers, value.ssh.tier)) return [];
  return [unknownName(origin.at('ssh', 'tier'), 'tier', value.ssh.tier, Object.keys(value.tiers))];
}

function tiers({ value, origin }: Entity<Blueprint>): Problem[] {
  const problems = Object.entries(value.tiers).flatMap(([name, tier]) => {
    const at = origin.at('tiers', name);
    const found = [...listens(tier.listens, at), ...reservedName(at, name)];
    if (tier.userData !== undefined && leavesProject(tier.userData)) {
      const message = `got "${tier.userData}"; the file is inside the project, so that every checkout has it`;
      found.push(
        at.at('userData').problem('path-outside-project', message, 'write a path relative to the root of the project'),
      );
    }
    return found;
  });
  if (Object.keys(value.tiers).length === 0) {
    problems.push(
      origin.at('tiers').problem('no-tiers', 'got none; a blueprint has at least one tier', 'write one or more'),
    );
  }
  return problems;
}

function listens(listens: Blueprint['tiers'][string]['listens'], tier: Entity<Blueprint>['origin']): Problem[] {
  const opened = new Set<string>();
  return listens.flatMap((listen, index) => {
    const at = tier.at('listens', index);
    const last = listen.lastPort ?? listen.port;
    if (last < listen.port) {
      const message = `got ${last}; the range begins at ${listen.port}`;
      return [at.at('lastPort').problem('ports-reversed', message, `write ${listen.port} or more`)];
    }
    return listen.from.flatMap((peer, position) => {
      const key = `${listen.protocol} ${listen.port} ${last} ${peer}`;
      if (!opened.has(key)) {
        opened.add(key);
        return [];
      }
      const ports = last === listen.port ? `${listen.port}` : `${listen.port} to ${last}`;
      const message = `got "${peer}"; ${listen.protocol} ${ports} is open to it already, and Neutron refuses the same rule twice`;
      return [at.at('from', position).problem('duplicate-rule', message, 'remove it')];
    });
  });
}
