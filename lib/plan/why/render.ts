import type { Colors } from 'picocolors/types.js';
import { compareIds } from '../../stack/id.ts';
import { firstLines, firstOf } from '../../text/listed.ts';
import { counted } from '../../text/plural.ts';
import { show } from '../render/show.ts';
import type { Affected, Why, WhyLine } from './why.ts';

/** Stacks and addresses of one line that are listed before "and N more". */
const SHOWN_STACKS = 8;
const SHOWN_ADDRESSES = 4;

/** For a terminal: each line with who wrote it, and what else it affects: listed for one line, counted where there are several. */
export function renderWhy(why: Why, { bold, cyan, dim, yellow }: Colors): string {
  const lines = [bold(why.subject)];
  if (why.lines.length === 0) lines.push('  no line of the configuration: Tandem always creates it like this');
  for (const line of why.lines) {
    const sets = line.attribute === null ? '' : `${dim('sets')} ${line.attribute} `;
    const value = line.path === '' ? '' : `${line.path}: ${show(line.value, 50)}`;
    const where = cyan(line.wholeFile ? line.file : `${line.file}:${line.line}`);
    lines.push('', `  ${where}  ${sets}${sets !== '' && value !== '' ? dim('from ') : ''}${value}`.trimEnd());
    lines.push(line.commit === null ? `    ${yellow(UNKNOWN[line.history])}` : `    ${dim(written(line))}`);
    const affected = why.lines.length === 1 ? renderAffected(line.affects) : [countAffected(line.affects)];
    lines.push(...affected.map((each) => `    ${each}`));
  }
  if (why.lines.length > 1) lines.push('', dim('`tandem why FILE:LINE` lists what a line affects'));
  return `${lines.join('\n')}\n`;
}

/** Why nobody is named. */
const UNKNOWN: Readonly<Record<WhyLine['history'], string>> = {
  commit: '',
  uncommitted: 'not committed yet',
  'cut-off': 'history ends here: this clone is shallow; `git fetch --unshallow` brings the rest',
  'no-history': 'no history: this is no git repository, has no commit yet, or git is not installed',
};

function written({ commit, wholeFile }: WhyLine): string {
  return commit === null
    ? ''
    : `${wholeFile ? 'last changed in ' : ''}${commit.id.slice(0, 10)} ${commit.author}, ${commit.date.slice(0, 10)}: ${commit.summary}`;
}

function countAffected(affected: readonly Affected[]): string {
  if (affected.length === 0) return 'affects no resource by itself';
  const resources = new Set(affected.map((each) => `${each.stack}:${each.address}`)).size;
  const stacks = new Set(affected.map((each) => each.stack)).size;
  return `affects ${counted(resources, 'resource')} in ${counted(stacks, 'stack')}`;
}

function renderAffected(affected: readonly Affected[]): string[] {
  const head = affected.length === 0 ? countAffected(affected) : `${countAffected(affected)}:`;
  const byStack = Map.groupBy(affected, (each) => each.stack);
  const stacks = [...byStack].sort(([a], [b]) => compareIds(a, b));
  const told = stacks.map(([stack, own]) => [`  ${stack}`, ...renderStack(own)].join('\n'));
  const shown = firstLines(told, SHOWN_STACKS, (count) => `  and ${count} more stacks; --json lists them`);
  return [head, ...shown.flatMap((block) => block.split('\n'))];
}

/** Attributes of the same name together: `flavor_name of web-1, web-2`. */
function renderStack(affected: readonly Affected[]): string[] {
  const byAttribute = Map.groupBy(affected, (each) => each.attribute ?? '');
  return [...byAttribute]
    .sort(([a], [b]) => compareIds(a, b))
    .map(([attribute, own]) => {
      const addresses = own.map((each) => each.address);
      return `    ${attribute === '' ? '' : `${attribute} of `}${firstOf(addresses, SHOWN_ADDRESSES)}`;
    });
}
