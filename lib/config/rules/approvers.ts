import type { Problem } from '../diagnostic.ts';
import type { RuleInput } from './rule.ts';
import { unknownName } from './unknown-name.ts';

/** Each key and address is one person's, and enough people have keys to give what is asked for. */
export function checkApprovers({ approvers }: RuleInput): Problem[] {
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

/** A key without its comment. */
function bodyOf(line: string): string {
  return line.split(/ +/, 2).join(' ');
}
