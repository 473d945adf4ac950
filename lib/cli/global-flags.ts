import type { Command, RouteMap } from '@stricli/core';
import type { TandemContext } from './context.ts';
import { flagName, globalFlags } from './flags.ts';

/** Global flags by each way to write them, with whether they take a value. */
const TAKES_VALUE: ReadonlyMap<string, boolean> = new Map([
  ['-C', true],
  ...Object.entries(globalFlags).map(([name, { spec }]) => [flagName(name), spec.kind !== 'boolean'] as const),
]);

/** Moves global flags that stand before the verb, or between its words, behind it, where the parser takes them. */
export function placeGlobalFlags(args: readonly string[], root: RouteMap<TandemContext>): string[] {
  const path: string[] = [];
  const moved: string[] = [];
  let target: RouteMap<TandemContext> | Command<TandemContext> = root;
  let at = 0;
  while (at < args.length && 'getAllEntries' in target) {
    const arg = args[at] ?? '';
    const [name = ''] = arg.split('=');
    const takesValue = TAKES_VALUE.get(name);
    if (takesValue === undefined) {
      const next = target.getRoutingTargetForInput(arg);
      if (next === undefined) break;
      target = next;
      path.push(arg);
      at += 1;
    } else {
      const words = takesValue && arg === name ? 2 : 1;
      moved.push(...args.slice(at, at + words));
      at += words;
    }
  }
  const isVerb = !('getAllEntries' in target);
  return [...path, ...(isVerb ? moved : []), ...args.slice(at)];
}

/** The folder that `--project` names, wherever it stands; undefined where it is not given. */
export function projectFolder(args: readonly string[]): string | undefined {
  // What follows is another program's.
  const end = args.indexOf('--');
  const own = end < 0 ? args : args.slice(0, end);
  const at = own.findIndex((arg) => arg === '-C' || arg === '--project' || arg.startsWith('--project='));
  const arg = args[at];
  return arg?.startsWith('--project=') === true ? arg.slice('--project='.length) : args[at + 1 || args.length];
}
