import type { Problem } from '../diagnostic.ts';
import type { ConfigPath, Origin } from '../origin.ts';
import { unknownName } from '../rules/unknown-name.ts';
import type { Argument, Parameter } from '../schema/blueprint.ts';
import { suggestion } from '../suggest.ts';

export type Parameters = Readonly<Record<string, Parameter>>;
export type Arguments = Readonly<Record<string, Argument>>;

/** The values of all parameters: those that are given and fit, and defaults; with a problem for each of the others. */
export function argumentsOf(
  parameters: Parameters,
  given: Arguments,
  at: Origin,
  blueprint: string,
): { readonly values: Arguments; readonly problems: readonly Problem[] } {
  const problems = Object.entries(given).flatMap(([name, value]) => {
    const parameter = Object.hasOwn(parameters, name) ? parameters[name] : undefined;
    if (parameter !== undefined) return unfit(parameter, value, at.at(name));
    const free = Object.keys(parameters).filter((each) => !Object.hasOwn(given, each));
    return [unknownName(at.at(name), 'parameter', name, free, { where: `in blueprint ${blueprint}`, key: true })];
  });
  const values = Object.entries(parameters).map(([name, parameter]) => {
    const value = Object.hasOwn(given, name) ? given[name] : undefined;
    return [name, value !== undefined && unfit(parameter, value, at).length === 0 ? value : parameter.default] as const;
  });
  return { values: Object.fromEntries(values), problems };
}

/** Defaults that are not what their own parameters ask for. */
export function checkDefaults(parameters: Parameters, at: Origin): Problem[] {
  return Object.entries(parameters).flatMap(([name, parameter]) =>
    unfit(parameter, parameter.default, at.at(name, 'default')),
  );
}

function unfit(parameter: Parameter, value: Argument, at: Origin): Problem[] {
  const { type, minimum = Number.MIN_SAFE_INTEGER, maximum = Number.MAX_SAFE_INTEGER, choices } = parameter;
  const problem = (why: string, fix: string) => [
    at.problem('wrong-parameter', `got ${JSON.stringify(value)}; ${why}`, fix),
  ];
  const isType =
    type === 'integer' ? Number.isSafeInteger(value) : typeof value === (type === 'text' ? 'string' : type);
  if (!isType) return problem(`the parameter is ${NAMES[type]}`, `write ${EXAMPLES[type]}`);
  if (typeof value === 'number' && value < minimum)
    return problem(`the parameter is at least ${minimum}`, `write ${minimum}`);
  if (typeof value === 'number' && value > maximum)
    return problem(`the parameter is at most ${maximum}`, `write ${maximum}`);
  if (typeof value === 'string' && choices?.includes(value) === false)
    return problem('it is none of the choices of the parameter', suggestion(value, choices));
  return [];
}

const NAMES = { integer: 'a whole number', text: 'text', boolean: 'true or false' } as const;
const EXAMPLES = { integer: 'a whole number', text: 'it in quotes', boolean: 'true or false' } as const;

/** Where a blueprint has the value of a parameter. */
export interface Place {
  readonly path: ConfigPath;
  readonly parameter: string;
}

/**
 * A blueprint's file with the values of its parameters in it, where it says `{ parameter: NAME }`, and `runs: [a, b]` as the map that it
 * stands for. A name that is no parameter is a problem, and stays.
 */
export function substitute(
  file: Readonly<Record<string, unknown>>,
  values: Arguments,
  origin: Origin,
): {
  readonly value: Record<string, unknown>;
  readonly places: readonly Place[];
  readonly problems: readonly Problem[];
} {
  const problems: Problem[] = [];
  const places: Place[] = [];
  const walk = (value: unknown, at: Origin): unknown => {
    if (Array.isArray(value)) {
      const isRuns = at.path.length === 3 && at.path[0] === 'tiers' && at.path[2] === 'runs';
      return isRuns && value.every((each) => typeof each === 'string') && new Set(value).size === value.length
        ? Object.fromEntries(value.map((each: string) => [each, {}]))
        : value.map((each, index) => walk(each, at.at(index)));
    }
    if (typeof value !== 'object' || value === null) return value;
    const named = parameterNamed(value);
    if (named === undefined)
      return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, walk(inner, at.at(key))]));
    if (Object.hasOwn(values, named)) {
      places.push({ path: at.path, parameter: named });
      return values[named];
    }
    problems.push(unknownName(at.at('parameter'), 'parameter', named, Object.keys(values)));
    return UNKNOWN;
  };
  const value = Object.fromEntries(
    Object.entries(file).flatMap(([key, inner]) => {
      if (key !== 'tiers' && key !== 'parts') return [[key, inner]];
      const walked = withoutUnknown(walk(inner, origin.at(key)));
      return [[key, walked]];
    }),
  );
  return { value, places, problems };
}

/** Stands for a value that nobody knows, until it is left out. */
const UNKNOWN = Symbol('unknown parameter');

function withoutUnknown(value: unknown): unknown {
  if (Array.isArray(value)) return value.filter((each) => each !== UNKNOWN).map(withoutUnknown);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]) => (inner === UNKNOWN ? [] : [[key, withoutUnknown(inner)]])),
  );
}

function parameterNamed(value: object): string | undefined {
  const [[key, named] = [], ...others] = Object.entries(value);
  return key === 'parameter' && typeof named === 'string' && others.length === 0 ? named : undefined;
}
