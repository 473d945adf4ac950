import type { BaseArgs } from '@stricli/core';
import { usage } from '../actions/errors.ts';
import { completeNames } from './complete-stacks.ts';
import type { TandemContext } from './context.ts';

/** What the parser is told of one flag. */
export interface FlagSpec {
  readonly kind: 'boolean' | 'parsed' | 'enum';
  readonly brief: string;
  readonly placeholder?: string;
  readonly optional?: boolean;
  readonly variadic?: boolean;
  readonly default?: boolean | string;
  readonly hidden?: boolean;
  readonly withNegated?: boolean;
  readonly values?: readonly string[];
  readonly parse?: (text: string) => unknown;
  /** Values for the shell. @default - it proposes files */
  readonly proposeCompletions?: (
    this: TandemContext,
    partial: string,
  ) => readonly string[] | Promise<readonly string[]>;
}

/** A flag whose value is a `T`. */
export interface Flag<T> {
  readonly spec: FlagSpec;
  /** Never there: it lets the compiler infer what a verb's flags hold. */
  readonly of?: T;
}

export type Flags = Readonly<Record<string, Flag<unknown>>>;
export type FlagValues<F extends Flags> = { readonly [K in keyof F]: F[K] extends Flag<infer T> ? T : never };

/** Off unless given. */
export function toggle(brief: string): Flag<boolean> {
  return { spec: { kind: 'boolean', brief, optional: true, withNegated: false } };
}

export function text(brief: string, placeholder: string): Flag<string> {
  return { spec: { kind: 'parsed', parse: String, brief, placeholder } };
}

export function optionalText(brief: string, placeholder: string): Flag<string | undefined> {
  return optional(String, brief, placeholder);
}

/** May be given several times. */
export function texts(brief: string, placeholder: string): Flag<readonly string[] | undefined> {
  return several(String, brief, placeholder);
}

export function optional<T>(parse: (text: string) => T, brief: string, placeholder: string): Flag<T | undefined> {
  return { spec: { kind: 'parsed', parse, brief, placeholder, optional: true } };
}

/** May be given several times. */
export function several<T>(
  parse: (text: string) => T,
  brief: string,
  placeholder: string,
): Flag<readonly T[] | undefined> {
  return { spec: { kind: 'parsed', parse, brief, placeholder, optional: true, variadic: true } };
}

export function oneOf<const T extends string>(values: readonly T[], brief: string): Flag<T> {
  return { spec: { kind: 'enum', values, brief } };
}

export function optionalOneOf<const T extends string>(values: readonly T[], brief: string): Flag<T | undefined> {
  return { spec: { kind: 'enum', values, brief, optional: true } };
}

export function wholeNumber(minimum: number, maximum: number): (text: string) => number {
  return (given) => {
    const value = Number(given);
    if (!Number.isInteger(value) || value < minimum || value > maximum)
      throw usage(`got "${given}"`, `write a whole number from ${minimum} to ${maximum}`);
    return value;
  };
}

/** `noColor` as it is typed. */
export function flagName(name: string): string {
  return `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

function hidden<T>({ spec }: Flag<T>): Flag<T> {
  return { spec: { ...spec, hidden: true } };
}

/** Flags that every verb has, before it as well as after it. The help of each verb leaves them to `tandem --help`. */
export const globalFlags = {
  project: hidden(optionalText('Project: the folder with config/tandem.yaml; default: here or above', 'DIR')),
  json: hidden(toggle('Machine-readable output')),
  noColor: hidden(toggle('No colours; NO_COLOR does the same')),
  nonInteractive: hidden(toggle('Never ask: a question without --yes is an error')),
  parallelism: hidden(
    optional(wholeNumber(1, 256), 'Maximum concurrent stacks; default: the cores, at most 8; 4 on clouds', 'N'),
  ),
} as const satisfies Flags;

export type GlobalFlags = FlagValues<typeof globalFlags>;

/** Of verbs that work on the resources of stacks. */
export const resourceFlags = {
  resourceParallelism: optional(wholeNumber(1, 256), 'Maximum concurrent resources of a stack; default: 20', 'N'),
} as const satisfies Flags;

/** Of verbs that ask. */
export const askFlags = {
  yes: toggle('Answer every question with yes'),
  autoApprove: toggle('The same as --yes'),
} as const satisfies Flags;

/** Of verbs that lock stacks. */
export const lockTimeout: Flag<number> = {
  spec: {
    kind: 'parsed',
    parse: wholeNumber(0, 86_400),
    brief: 'Seconds to wait for a stack that somebody else works on',
    placeholder: 'SECONDS',
    default: '0',
  },
};

/** A name of a file in a folder of `config/`, which the shell proposes. */
export function named<T>({ spec }: Flag<T>, folder: string): Flag<T> {
  return { spec: { ...spec, proposeCompletions: completeNames(folder) } };
}

export const CLOUD = "Cloud; default: the organisation's defaultCloud";
export const cloudFlag = named(optionalText(CLOUD, 'NAME'), 'clouds');

export const LINK = 'Link; default: the only one of the project';
export const linkFlag = named(optionalText(LINK, 'NAME'), 'links');

const OFF =
  'Parts that fail at once: names of hosts, racks, planes, switches, power feeds; rack/a where a name means two';

export const offFlag: Flag<string | undefined> = optionalText(OFF, 'NAME[,NAME]');
/** Several failures. */
export const offFlags: Flag<readonly string[] | undefined> = texts(OFF, 'NAME[,NAME]');

/** A positional argument whose value is a `T`. */
export interface Argument<T> {
  readonly brief: string;
  readonly placeholder: string;
  readonly parse: (text: string) => T | Promise<T>;
  readonly optional?: boolean;
  readonly proposeCompletions?: (this: TandemContext, partial: string) => readonly string[];
}

/** A word of any kind. */
export function word(
  brief: string,
  placeholder: string,
  more: Pick<Argument<string>, 'proposeCompletions'> = {},
): Argument<string> {
  return { brief, placeholder, parse: String, ...more };
}

/** The positional arguments of a verb. */
export interface Positional<A extends BaseArgs> {
  readonly kind: 'tuple' | 'array';
  readonly arguments: readonly Argument<unknown>[];
  /** Of an array, without the head. @default 0 */
  readonly minimum?: number;
  /** Stands before an array, always. */
  readonly head?: Argument<string>;
  readonly of?: A;
}

export function takes<const T extends readonly Argument<unknown>[]>(
  ...all: T
): Positional<{ -readonly [K in keyof T]: T[K] extends Argument<infer V> ? V : never }> {
  return { kind: 'tuple', arguments: all };
}

export function takesAny<T>(argument: Argument<T>, minimum = 0): Positional<T[]> {
  return { kind: 'array', arguments: [argument], minimum };
}

/** One, and then any number: `ENVIRONMENT [FILE…]`. */
export function takesThen(
  head: Argument<string>,
  argument: Argument<string>,
  minimum = 0,
): Positional<[string, ...string[]]> {
  return { kind: 'array', arguments: [argument], minimum, head };
}

export function maybe<T>(argument: Argument<T>): Argument<T | undefined> {
  return { ...argument, optional: true };
}
