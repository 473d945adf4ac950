import type { Problem } from '../diagnostic.ts';
import { placedLeases } from '../placed-leases.ts';
import type { RuleInput } from './rule.ts';

/** A host name is one DNS label. */
const LABEL = 63;
/** A host name with its domain. */
const DOMAIN_NAME = 253;

/**
 * Names are made of names: each result fits where it is used. On AWS the longest, a queue `<organisation>-<environment>-dead-letters`,
 * cannot exceed its 80 characters, whatever the parts; the longest names here are those of servers.
 */
export function checkComposedNames(input: RuleInput): Problem[] {
  return [...hostNames(input), ...domainNames(input)];
}

/** Servers are `<lease>-<tier>-<index>`. */
function hostNames(input: RuleInput): Problem[] {
  return placedLeases(input).flatMap(({ lease, demand }) => {
    const longest = demand.tiers
      .map(({ name, count }) => `${lease.name}-${name}-${count}`)
      .sort((a, b) => b.length - a.length)[0];
    if (longest === undefined || longest.length <= LABEL) return [];
    const message = `got the file name "${lease.name}"; its server ${longest} has ${longest.length} characters, and a host name has at most ${LABEL}`;
    const fix = `rename the file to at most ${lease.name.length - (longest.length - LABEL)} characters, or shorten the tier's name`;
    return [{ code: 'name-too-long', severity: 'error', file: lease.file, line: 1, column: 1, path: '', message, fix }];
  });
}

/** Their records are `<lease>-<tier>-<index>.<lease>.<zone>`. */
function domainNames(input: RuleInput): Problem[] {
  const told = new Set<string>();
  return placedLeases(input).flatMap(({ lease, cloud, demand }) => {
    const { zone } = cloud.value.dns;
    const longest = Math.max(
      0,
      ...demand.tiers.map(({ name, count }) => `${lease.name}-${name}-${count}.${lease.name}.${zone}`.length),
    );
    if (longest <= DOMAIN_NAME || told.has(cloud.name)) return [];
    told.add(cloud.name);
    const message = `got a zone of ${zone.length} characters; with the names of lease ${lease.name} under it a record has ${longest}, and DNS allows ${DOMAIN_NAME}`;
    return [cloud.origin.at('dns', 'zone').problem('name-too-long', message, 'write a shorter zone')];
  });
}
