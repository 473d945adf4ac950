import { firstHidden } from '../text/printable.ts';
import type { Problem } from './diagnostic.ts';
import { hiddenProblem } from './scalar.ts';

/** Deeper nesting is refused before it can exhaust the parser's stack. */
const MAXIMUM_DEPTH = 40;

type TextProblem = Pick<Problem, 'code' | 'message' | 'fix' | 'line' | 'column'>;

/** Decodes a file and refuses what no YAML of ours has, before any parser sees it. */
export function decodeText(bytes: Uint8Array): { text: string } | TextProblem {
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)) {
    return { code: 'not-utf-8', line: 1, column: 1, message: 'it is UTF-16', fix: 'save it as UTF-8 text' };
  }
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    const replaced = new TextDecoder('utf-8').decode(bytes);
    return {
      code: 'not-utf-8',
      ...positionAt(replaced, Math.max(0, replaced.indexOf('\uFFFD'))),
      message: 'it has bytes that are not UTF-8',
      fix: 'save the file as UTF-8 text',
    };
  }
  return forbiddenCharacter(text) ?? nestingProblem(text) ?? { text };
}

function forbiddenCharacter(text: string): TextProblem | undefined {
  // A lone carriage return breaks lines for some readers only.
  const lone = /\r(?!\n)/.exec(text);
  const found = lone === null ? firstHidden(text.replaceAll('\r\n', ' \n')) : { index: lone.index, code: 'U+000D' };
  if (found === undefined) return undefined;
  return { ...hiddenProblem(found.code), ...positionAt(text, found.index) };
}

function positionAt(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset);
  const line = before.split('\n').length;
  return { line, column: offset - (before.lastIndexOf('\n') + 1) + 1 };
}

/** Depth by indentation, dashes and brackets, counted without parsing: the parser itself recurses. */
function nestingProblem(text: string): TextProblem | undefined {
  const indents: number[] = [];
  let brackets = 0;
  let isDoubtful = false;
  for (const [index, line] of text.split('\n').entries()) {
    const content = line.trimStart();
    if (content === '' || content.startsWith('#')) continue;
    const indent = line.length - content.length;
    while ((indents.at(-1) ?? -1) >= indent) indents.pop();
    indents.push(indent);
    const dashes = /^(?:[-?]\s+)*/.exec(content)?.[0].replace(/\s/g, '').length ?? 0;
    const bare = withoutQuoted(content, brackets > 0);
    isDoubtful ||= /(?<![\p{L}\p{N}])["']/u.test(bare);
    const deepest = deepestBracket(isDoubtful ? content : bare, brackets);
    brackets = deepest.open;
    const depth = indents.length + dashes + deepest.depth;
    if (depth <= MAXIMUM_DEPTH) continue;
    const fix = `nest at most ${MAXIMUM_DEPTH} levels; a configuration needs fewer than ten`;
    return { code: 'too-deep', line: index + 1, column: indent + 1, message: `got ${depth} levels of nesting`, fix };
  }
  return undefined;
}

/**
 * A line without its quoted texts, whose brackets nest nothing: where a value surely begins, closed on the same line. A quote that stays
 * may begin a text of several lines, within which others would be misread: every bracket from there on counts.
 */
function withoutQuoted(line: string, isInBrackets: boolean): string {
  return line.replace(isInBrackets ? QUOTED_IN_BRACKETS : QUOTED, '$1');
}

const TEXT = /("(?:[^"\\]|\\.)*"|'(?:[^']|'')*')/.source;
const QUOTED_IN_BRACKETS = new RegExp(`([[{,] *|: +)${TEXT}`, 'g');
/** A line between brackets may go on with a text that began before it, outside of them it begins anew. */
const QUOTED = new RegExp(`(^(?:[-?] +)*|[[{,] *|: +)${TEXT}`, 'g');

function deepestBracket(line: string, start: number): { open: number; depth: number } {
  let open = start;
  let depth = start;
  for (const char of line) {
    if (char === '[' || char === '{') depth = Math.max(depth, (open += 1));
    else if (char === ']' || char === '}') open = Math.max(0, open - 1);
  }
  return { open, depth };
}
