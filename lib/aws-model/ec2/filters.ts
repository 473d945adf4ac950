import type { Filter } from '../ec2-types.ts';
import { invalidParameter } from '../faults.ts';
import type { Machine } from './state.ts';
import { checksOf, stateOf } from './views.ts';

/** Filters of DescribeInstances and DescribeInstanceStatus. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInstances.html */
const FIELDS: Readonly<Record<string, (machine: Machine) => string | readonly string[] | undefined>> = {
  'instance-id': ({ id }) => id,
  'instance-state-name': ({ state }) => state,
  'instance-state-code': ({ state }) => String(stateOf(state).Code),
  'instance-type': ({ type }) => type,
  'instance-lifecycle': ({ purchase }) => (purchase === 'spot' ? 'spot' : undefined),
  'image-id': ({ image }) => image,
  'subnet-id': ({ subnet }) => subnet,
  'private-ip-address': ({ address }) => address,
  'availability-zone': ({ zone }) => zone,
  'reservation-id': ({ reservation }) => reservation,
  'requester-id': ({ requester }) => requester,
  'iam-instance-profile.arn': ({ profile }) => profile,
  'instance.group-id': ({ securityGroups }) => securityGroups,
  'tag-key': ({ tags }) => tags.map(({ Key }) => Key),
  'tag-value': ({ tags }) => tags.map(({ Value }) => Value),
  'instance-status.status': (machine) => checksOf(machine).instance,
  'system-status.status': (machine) => checksOf(machine).system,
};

/** Whether an instance passes all of the filters; of a filter's values one is enough. */
export function machineFilter(filters: readonly Filter[] = []): (machine: Machine) => boolean {
  const tests = filters.map(({ Name = '', Values = [] }) => {
    const field = fieldOf(Name);
    const patterns = Values.map(wildcard);
    return (machine: Machine) => {
      const values = field(machine);
      if (values === undefined) return false;
      return [values].flat().some((value) => patterns.some((matches) => matches(value)));
    };
  });
  return (machine) => tests.every((test) => test(machine));
}

function fieldOf(name: string): (machine: Machine) => string | readonly string[] | undefined {
  if (name.startsWith('tag:')) return ({ tags }) => tags.find(({ Key }) => Key === name.slice(4))?.Value;
  const field = Object.hasOwn(FIELDS, name) ? FIELDS[name] : undefined;
  if (field === undefined) throw invalidParameter(`The filter '${name}' is invalid`);
  return field;
}

/** Filters by fields of anything else. @throws ModelFault for a filter that is not among the fields */
export function fieldFilter<T>(
  fields: Readonly<Record<string, (item: T) => string>>,
  filters: readonly Filter[] = [],
): (item: T) => boolean {
  const tests = filters.map(({ Name = '', Values = [] }) => {
    const field = Object.hasOwn(fields, Name) ? fields[Name] : undefined;
    if (field === undefined) throw invalidParameter(`The filter '${Name}' is invalid`);
    const patterns = Values.map(wildcard);
    return (item: T) => patterns.some((matches) => matches(field(item)));
  });
  return (item) => tests.every((test) => test(item));
}

/** `*` stands for any text, `?` for one character, a backslash for the next one itself. */
function wildcard(pattern: string): (value: string) => boolean {
  if (!/[*?\\]/.test(pattern)) return (value) => value === pattern;
  const source = pattern.replaceAll(
    /\\(.)|([*?])|([.+^${}()|[\]\\])/gs,
    (_, escaped?: string, star?: string, other?: string) =>
      star === undefined ? literal(escaped ?? other ?? '') : star === '*' ? '.*' : '.',
  );
  const expression = new RegExp(`^${source}$`, 's');
  return (value) => expression.test(value);
}

const literal = (character: string): string => (/\w/.test(character) ? character : `\\${character}`);
