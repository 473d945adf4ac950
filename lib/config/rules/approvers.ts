import type { Problem } from '../diagnostic.ts';
import type { Policies } from '../schema/policies.ts';
import type { RuleInput } from './rule.ts';
import { unknownName } from './unknown-name.ts';

/** Each key and address is one person's, enough people have keys to give what is asked for, and overrides hold. */
export function checkApprovers({ approvers, organisation, today }: RuleInput): Problem[] {
  if (approvers === undefined) return [];
  const { value, origin } = approvers;
  const people = Object.entries(value.people);
  const groups = new Set(people.flatMap(([, person]) => person.groups));
  const problems: Problem[] = [];
  const owners = new Map<string, string>();
  const addresses = new Map<string, string>();
  for (const [name, { email, keys }] of people) {
    const at = origin.at('people', name);
    const address = email.toLowerCase();
    const other = addresses.get(address);
    if (other === undefined) addresses.set(address, name);
    else {
      const message = `got ${email}, which is ${other}'s too; one person would count twice`;
      problems.push(at.at('email').problem('approver-twice', message, `write one entry with the keys of both`));
    }
    for (const [index, line] of keys.entries()) {
      const key = bodyOf(line);
      const owner = owners.get(key);
      if (owner === undefined) owners.set(key, name);
      else {
        const whose =
          owner === name ? 'which stands there already' : `which is ${owner}'s too; one signature would count twice`;
        const fix = owner === name ? 'remove it' : 'remove it from one of them';
        problems.push(at.at('keys', index).problem('approval-key-taken', `got a key ${whose}`, fix));
      }
    }
    if (groups.has(name)) {
      const message = `got "${name}", which is also a group`;
      problems.push(at.problem('approver-name-taken', message, 'rename the person or the group', { key: true }));
    }
  }
  const known = [...value.of].map((each, index) => [each, index] as const);
  const names = [...people.map(([name]) => name), ...groups];
  for (const [each, index] of known)
    if (!names.includes(each)) problems.push(unknownName(origin.at('of', index), 'approver', each, names));
  for (const [rule, { of }] of (value.rules ?? []).entries())
    for (const [index, each] of of.entries())
      if (!names.includes(each))
        problems.push(unknownName(origin.at('rules', rule, 'of', index), 'approver', each, names));
  problems.push(...checkOverrides(approvers, organisation?.value.policies, today));
  const able = people.filter(
    ([name, person]) =>
      person.keys.length > 0 &&
      (value.of.length === 0 || value.of.includes(name) || person.groups.some((group) => value.of.includes(group))),
  );
  if (able.length > 0 && value.count > able.length) {
    const message = `got ${value.count}; only ${able.length} of those who may approve ${able.length === 1 ? 'has' : 'have'} a key, and the author never counts`;
    problems.push(
      origin.at('count').problem('too-few-approvers', message, `write ${able.length} or less, or add keys`),
    );
  }
  return problems;
}

const DAY = 86_400_000;

/** An override that does not hold is not seen before a plan is denied all the same. */
function checkOverrides(
  { value: { people, overrides = [] }, origin }: NonNullable<RuleInput['approvers']>,
  policies: Policies | undefined,
  today: Date,
): Problem[] {
  const dayOf = (time: number): string => new Date(time).toISOString().slice(0, 10);
  return overrides.flatMap(({ policy, by, expires }, index) => {
    const at = origin.at('overrides', index);
    const person = people[by];
    if (person === undefined) return [unknownName(at.at('by'), 'approver', by, Object.keys(people))];
    const owner = policies?.owners[policy];
    if (owner !== undefined && owner !== by && !person.groups.includes(owner)) {
      const message = `got ${by}; policies.owners says that ${owner} owns ${policy}`;
      return [at.at('by').problem('override-not-owner', message, `let ${owner} accept it`)];
    }
    if (expires < dayOf(today.getTime())) {
      const message = `got ${expires}, which is over; what it accepted is denied again`;
      return [at.at('expires').problem('override-expired', message, 'remove the override', { severity: 'warning' })];
    }
    if (policies === undefined) return [];
    const last = dayOf(today.getTime() + policies.overrideDays * DAY);
    if (expires <= last) return [];
    const message = `got ${expires}; an override ends within ${policies.overrideDays} days (policies.overrideDays)`;
    return [at.at('expires').problem('override-too-long', message, `write ${last} or earlier`)];
  });
}

/** A key without its comment. */
function bodyOf(line: string): string {
  return line.split(/ +/, 2).join(' ');
}
