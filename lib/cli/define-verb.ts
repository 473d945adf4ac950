import { type BaseArgs, buildCommand, type Command, type CommandFunction } from '@stricli/core';
import type { z } from 'zod';
import type { ActionContext } from '../actions/context.ts';
import type { TandemContext } from './context.ts';
import {
  askFlags,
  type Flags,
  type FlagValues,
  type GlobalFlags,
  globalFlags,
  type Positional,
  resourceFlags,
  takes,
} from './flags.ts';
import { withHelp } from './help.ts';
import { written } from './paint.ts';
import type { View } from './view.ts';

export interface Example {
  /** `tandem plan prod` */
  readonly command: string;
  /** What it shows or does, where the command does not say it. */
  readonly does?: string;
}

export interface VerbProps<F extends Flags, A extends BaseArgs, R> {
  /** One line, for lists. */
  readonly brief: string;
  /** Sentences, for the verb's own help. */
  readonly description?: string;
  readonly examples: readonly Example[];
  readonly flags?: F;
  readonly arguments?: Positional<A>;
  /** Asks before it acts: gets `--yes`. @default false */
  readonly asks?: boolean;
  /** Has effects: when it is interrupted, it finishes what it began. @default - whether it asks */
  readonly acts?: boolean;
  /** Works on the resources of stacks: gets `--resource-parallelism`. @default false */
  readonly resources?: boolean;
  /** Calls the one action, which it imports: a verb that is not called costs nothing. */
  readonly action: (context: ActionContext, flags: FlagValues<F> & GlobalFlags, ...args: A) => Promise<R>;
  /** What `--json` prints: the result, with the name of the format. */
  readonly json: {
    /** `tandem.plan/1` */
    readonly format: string;
    readonly schema: () => Promise<z.ZodType>;
    /** @default - the result itself */
    readonly document?: (result: R, flags: FlagValues<F>) => object;
    /** Prints each event as one line before the result, which then is one line as well, of `kind: 'result'`. @default false */
    readonly events?: () => Promise<z.ZodType>;
    /** Whether it prints them. @default - always, where it has events */
    readonly streams?: (flags: FlagValues<F>) => boolean;
  };
  readonly render: (result: R, view: View, flags: FlagValues<F>) => string | Promise<string>;
  /** Prints a value for a script: as it is, unless a person reads it. @default - never */
  readonly bare?: (flags: FlagValues<F>) => boolean;
  /** @default - 0 */
  readonly exitCode?: (result: R, flags: FlagValues<F>) => number;
  /** Ends with the code of another program, which may be any. @default false - 0, 1 or 2 */
  readonly passesExitCode?: boolean;
}

/** A verb: what the parser runs, and what documentation is made of. */
export interface Verb {
  readonly command: Command<TandemContext>;
  readonly props: Pick<VerbProps<Flags, BaseArgs, unknown>, 'brief' | 'description' | 'examples' | 'json'>;
  /** Its own flags, without the global ones. */
  readonly flags: Flags;
  readonly arguments: Positional<BaseArgs>;
}

/** Builds a verb from its flags, its one action and its renderer. */
export function defineVerb<const F extends Flags, A extends BaseArgs, R>(props: VerbProps<F, A, R>): Verb {
  const flags = {
    ...props.flags,
    ...(props.asks === true ? askFlags : {}),
    ...(props.resources === true ? resourceFlags : {}),
  } as Flags;
  const positional: Positional<BaseArgs> = props.arguments ?? takes();
  const off = Object.fromEntries(
    Object.entries({ ...flags, ...globalFlags }).flatMap(([name, { spec }]) =>
      spec.kind === 'boolean' ? [[name, false]] : [],
    ),
  );
  const func: CommandFunction<FlagValues<F> & GlobalFlags, A, TandemContext> = async function run(passed, ...args) {
    await runVerb(this, props, { ...off, ...passed }, args);
  };
  const specs = Object.entries({ ...flags, ...globalFlags }).map(([name, { spec }]) => [name, spec]);
  const parameters = {
    flags: Object.fromEntries(specs) as Record<string, unknown>,
    aliases: props.asks === true ? { C: 'project', y: 'yes' } : { C: 'project' },
    positional: positional.kind === 'tuple' ? { kind: 'tuple', parameters: positional.arguments } : arrayOf(positional),
  };
  const command = withHelp(
    buildCommand<FlagValues<F> & GlobalFlags, A, TandemContext>({
      func,
      docs: { brief: props.brief, fullDescription: describe(props) },
      // What the parser wants to know of types was checked where the verb was defined.
      parameters: parameters as never,
    }),
  );
  return { command, props: props as unknown as Verb['props'], flags, arguments: positional };
}

/** The parser knows arrays of one kind of argument: one with a head is told as both. */
function arrayOf({ arguments: [rest], head, minimum = 0 }: Positional<BaseArgs>): object {
  if (head === undefined || rest === undefined) return { kind: 'array', parameter: rest, minimum };
  const parameter = {
    brief: `${head.brief}; then: ${rest.brief}`,
    placeholder: `${head.placeholder} ${rest.placeholder}`,
    parse: String,
    proposeCompletions(this: TandemContext, partial: string) {
      return [head, rest].flatMap((each) => each.proposeCompletions?.call(this, partial) ?? []);
    },
  };
  return { kind: 'array', parameter, minimum: minimum + 1 };
}

/** Runs a verb: its action, then its result as text or JSON. Interrupted, it ends in `interrupted`. */
export async function runVerb<F extends Flags, A extends BaseArgs, R>(
  context: TandemContext,
  { action, acts, asks, bare, json, render, exitCode, passesExitCode }: VerbProps<F, A, R>,
  given: FlagValues<F> & GlobalFlags,
  args: A,
): Promise<void> {
  const { openHost } = await import('./host.ts');
  const streams = json.events !== undefined && json.streams?.(given) !== false;
  const host = openHost(context, given, streams);
  try {
    const result = await context.interruption.run(() => action(host.context, given, ...args), acts ?? asks === true);
    host.end();
    if (given.json) {
      const document = { format: json.format, ...(json.document?.(result, given) ?? (result as object)) };
      context.json(
        `${streams ? JSON.stringify({ kind: 'result', ...document }) : JSON.stringify(document, null, 2)}\n`,
      );
    } else {
      const text = await render(result, host.view, given);
      if (bare?.(given) === true) context.value(context.process.stdout.isTTY ? written(text) : text);
      else context.out(text);
    }
    context.process.exitCode = exitCode?.(result, given) ?? 0;
    context.passesExitCode = passesExitCode === true;
  } finally {
    host.end();
  }
}

function describe({
  brief,
  description,
  examples,
}: Pick<VerbProps<Flags, BaseArgs, never>, 'brief' | 'description' | 'examples'>): string {
  const width = Math.max(...examples.map(({ command, does }) => (does === undefined ? 0 : command.length)));
  const isWide = examples.some(({ does = '' }) => width + does.length > 76);
  const lines = examples.map(({ command, does }) => {
    if (does === undefined) return `  ${command}`;
    return isWide ? `  ${command}\n      ${does}` : `  ${command.padEnd(width)}  ${does}`;
  });
  // Whoever shows it breaks its lines.
  const told = (description ?? `${brief}.`).replaceAll(/(?<=\S)\n(?=\S)/g, ' ');
  return `${told}\n\nExamples:\n${lines.join('\n')}`;
}
