import { buildRouteMap, type RouteMap } from '@stricli/core';
import type { TandemContext } from './context.ts';
import type { Verb } from './define-verb.ts';
import { withHelp } from './help.ts';

/** Verbs below one word: `env create`, `env list`. */
export interface Group {
  readonly routes: RouteMap<TandemContext>;
  readonly brief: string;
  readonly verbs: Verbs;
}

/** By name, in the order in which help lists them. */
export type Verbs = Readonly<Record<string, Verb | Group>>;

/** @param aliases what other tools call one of the verbs, by their word */
export function defineGroup<V extends Verbs>(
  brief: string,
  verbs: V,
  aliases: Readonly<Record<string, keyof V & string>> = {},
): Group {
  return {
    routes: withHelp(buildRouteMap({ routes: targetsOf(verbs), aliases: aliases as never, docs: { brief } })),
    brief,
    verbs,
  };
}

/** What the parser routes to. */
export function targetsOf(verbs: Verbs): Record<string, Verb['command'] | Group['routes']> {
  return Object.fromEntries(
    Object.entries(verbs).map(([name, each]) => [name, isGroup(each) ? each.routes : each.command]),
  );
}

export function isGroup(each: Verb | Group): each is Group {
  return 'verbs' in each;
}
