import type { Command, RouteMap } from '@stricli/core';
import { fit } from '../text/fit.ts';
import type { TandemContext } from './context.ts';

type Target = Command<TandemContext> | RouteMap<TandemContext>;

/** Without a terminal, help is as wide as the narrowest one. */
const COLUMNS = 80;
/** Optional flags of a usage line, which the verb's own help lists. */
const OPTIONAL = /(?: \[-[^\]]*\]+(?:\.\.\.)?)+/;
/** Of `a|b|c`, which may be longer than a line. */
const CHOICE = /(?<=\w)\|(?=\w)/g;

/** Gives a verb or a group help that fits its terminal; where others list it, its usage is one line. */
export function withHelp<T extends Target>(target: T): T {
  const { formatHelp } = target;
  const formatUsageLine = target.formatUsageLine.bind(target);
  return Object.assign(target, {
    formatHelp: (args: Parameters<typeof formatHelp>[0]) =>
      fit(formatHelp(args).replaceAll(CHOICE, ' | '), process.stdout.isTTY ? process.stdout.columns : COLUMNS, 0),
    formatUsageLine: (args: Parameters<typeof formatUsageLine>[0]) =>
      formatUsageLine(args).replace(OPTIONAL, ' [FLAGS]'),
  });
}
