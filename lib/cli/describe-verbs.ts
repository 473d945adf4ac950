import type { z } from 'zod';
import { verbs } from './app.ts';
import type { Example, Verb } from './define-verb.ts';
import { type Argument, type FlagSpec, type Flags, flagName, globalFlags } from './flags.ts';
import { isGroup, type Verbs } from './group.ts';

export interface FlagDescription {
  /** `--detailed-exitcode` */
  readonly name: string;
  readonly brief: string;
  /** What stands for its value; absent where it takes none. */
  readonly placeholder?: string;
  readonly values?: readonly string[];
  readonly isRequired: boolean;
  /** May be given several times. */
  readonly isRepeatable: boolean;
}

export interface ArgumentDescription {
  readonly name: string;
  readonly brief: string;
  readonly isRequired: boolean;
  readonly isRepeatable: boolean;
}

export interface VerbDescription {
  /** `['env', 'create']` */
  readonly path: readonly string[];
  readonly brief: string;
  /** Sentences; empty where the brief says all. */
  readonly description: string;
  /** Its own; those that all have are `describeGlobalFlags()`. */
  readonly flags: readonly FlagDescription[];
  readonly arguments: readonly ArgumentDescription[];
  readonly examples: readonly Example[];
  readonly json: {
    readonly format: string;
    readonly schema: () => Promise<z.ZodType>;
    /** Of the lines before the result, where it prints its events. */
    readonly events?: () => Promise<z.ZodType>;
  };
}

/** Every verb of the command line, in the order of its help: what documentation and tests are made from. */
export function describeVerbs(): VerbDescription[] {
  return walk(verbs, []);
}

/** Flags that are accepted before each verb and after it. */
export function describeGlobalFlags(): FlagDescription[] {
  return describeFlags(globalFlags);
}

function walk(all: Verbs, path: readonly string[]): VerbDescription[] {
  return Object.entries(all).flatMap(([name, each]) =>
    isGroup(each) ? walk(each.verbs, [...path, name]) : [describeVerb(each, [...path, name])],
  );
}

function describeVerb({ props, flags, arguments: positional }: Verb, path: readonly string[]): VerbDescription {
  const { brief, description = '', examples, json } = props;
  const isList = positional.kind === 'array';
  const describeArgument = (argument: Argument<unknown>): ArgumentDescription => ({
    name: argument.placeholder,
    brief: argument.brief,
    isRequired: isList ? (positional.minimum ?? 0) > 0 : argument.optional !== true,
    isRepeatable: isList,
  });
  const head =
    positional.head === undefined
      ? []
      : [{ ...describeArgument(positional.head), isRequired: true, isRepeatable: false }];
  return {
    ...{ path, brief, description, examples, json },
    flags: describeFlags(flags),
    arguments: [...head, ...positional.arguments.map(describeArgument)],
  };
}

function describeFlags(flags: Flags): FlagDescription[] {
  return Object.entries(flags).map(([name, { spec }]) => ({
    name: flagName(name),
    brief: spec.brief,
    ...placeholderOf(spec),
    ...(spec.values === undefined ? {} : { values: spec.values }),
    isRequired: spec.optional !== true && spec.default === undefined,
    isRepeatable: spec.variadic === true,
  }));
}

function placeholderOf({ placeholder, values }: FlagSpec): Pick<FlagDescription, 'placeholder'> {
  const shown = placeholder ?? values?.join('|');
  return shown === undefined ? {} : { placeholder: shown };
}
