import { type Command, type RouteMap, run } from '@stricli/core';
import { app, routes } from '../../../../lib/cli/app.ts';
import type { TandemContext } from '../../../../lib/cli/context.ts';
import { placeGlobalFlags } from '../../../../lib/cli/global-flags.ts';

type Target = RouteMap<TandemContext> | Command<TandemContext>;

/**
 * Parses a command by the real command line, without running it: the verbs and parsers of the application, with functions that do
 * nothing. Gives what is wrong with it; undefined where it can be run.
 * @param isSpokenOf a verb alone may stand without what it needs @default false
 */
export async function problemOf(args: readonly string[], isSpokenOf = false): Promise<string | undefined> {
  const target = targetOf(args);
  if (target === undefined) return `there is no verb \`${args.join(' ')}\``;
  if ((isSpokenOf && target.rest.length === 0) || target.rest.includes('--help')) return undefined;
  const said: string[] = [];
  const stream = { write: (text: string) => void said.push(text) };
  const process = { stdout: stream, stderr: stream, exitCode: undefined as number | string | null | undefined };
  await run({ ...app, root: dry(routes) }, placeGlobalFlags(args, routes), {
    process,
  } as never);
  return process.exitCode === 0 ? undefined : said.join('').trim();
}

/** Whether any verb has a flag. */
export function isFlag(name: string): boolean {
  return commandsOf(routes).some((command) => command.usesFlag(toCamel(name), 'original'));
}

function targetOf(args: readonly string[]): { readonly rest: readonly string[] } | undefined {
  const words = placeGlobalFlags(args, routes);
  let target: Target = routes;
  for (const [index, word] of words.entries()) {
    if (!('getAllEntries' in target)) return { rest: words.slice(index) };
    const next: Target | undefined = target.getRoutingTargetForInput(word);
    if (next === undefined) return word.startsWith('-') ? { rest: words.slice(index) } : undefined;
    target = next;
  }
  return { rest: [] };
}

function dry(target: Target): Target {
  if (!('getAllEntries' in target)) return { ...target, loader: async () => () => undefined };
  return {
    ...target,
    getRoutingTargetForInput: (input: string) => {
      const found = target.getRoutingTargetForInput(input);
      return found === undefined ? undefined : dry(found);
    },
  };
}

function commandsOf(target: Target): Command<TandemContext>[] {
  return 'getAllEntries' in target ? target.getAllEntries().flatMap((entry) => commandsOf(entry.target)) : [target];
}

function toCamel(name: string): string {
  return name.replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
