import { printable, printableLine } from './printable.ts';

/** Text that came from people or clouds, so that Markdown shows it as it is: no links, mentions, tables or tags of its own. */
export function plain(text: string): string {
  return flat(text)
    .replace(/[\\`*_{}[\]()#+!|~]/g, '\\$&')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/@/g, '&#64;');
}

/** A code span, whatever is in it. */
export function code(text: string): string {
  const cell = flat(text).replace(/\|/g, '\\|');
  const longest = Math.max(0, ...[...cell.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return longest > 0 ? `${fence} ${cell} ${fence}` : `${fence}${cell}${fence}`;
}

/** A block of code that its content cannot leave. */
export function fenced(language: string, lines: readonly string[]): string[] {
  const body = lines.flatMap((line) => printable(line).split('\n'));
  const isTicked = body.some((line) => line.includes('```'));
  const tildes = Math.max(2, ...body.flatMap((line) => [...line.matchAll(/~+/g)].map(([run]) => run.length))) + 1;
  const fence = isTicked ? '~'.repeat(tildes) : '```';
  return [`${fence}${language}`, ...body, fence];
}

/** An address to link to, which nothing in it can end. */
export function linked(address: string): string {
  return address
    .toWellFormed()
    .replace(/[^\x21-\x7e]+/g, encodeURIComponent)
    .replace(/[()<>\\]/g, (char) => `%${char.charCodeAt(0).toString(16)}`);
}

/** A comment that readers do not see; nothing in it can end it. */
export function hidden(name: string, value: Readonly<Record<string, unknown>>): string {
  const json = JSON.stringify(value).replace(/</g, '\\u003c').replace(/>/g, '\\u003e').replace(/--/g, '-\\u002d');
  return `<!-- ${name} ${json} -->`;
}

function flat(text: string): string {
  return printableLine(text.replace(/[\r\n\t]+/g, ' '));
}
