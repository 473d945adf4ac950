import { Lexer } from 'yaml';
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
  const brackets = bracketsByLine(text);
  for (const [index, line] of text.split('\n').entries()) {
    const content = line.trimStart();
    const indent = line.length - content.length;
    let depth = brackets[index] ?? 0;
    if (content !== '' && !content.startsWith('#')) {
      while ((indents.at(-1) ?? -1) >= indent) indents.pop();
      indents.push(indent);
      depth += indents.length + (/^(?:[-?]\s+)*/.exec(content)?.[0].replace(/\s/g, '').length ?? 0);
    }
    if (depth <= MAXIMUM_DEPTH) continue;
    const fix = `nest at most ${MAXIMUM_DEPTH} levels; a configuration needs fewer than ten`;
    return {
      code: 'too-deep',
      line: index + 1,
      column: indent + 1,
      message: `got more than ${MAXIMUM_DEPTH} levels of nesting`,
      fix,
    };
  }
  return undefined;
}

/** What the parser's own lexer says before the text of a scalar, within which brackets nest nothing. It does not recurse. */
const SCALAR = '\u{1f}';

/** How many brackets are open at most on each line, up to the first that is too deep. */
function bracketsByLine(text: string): number[] {
  const deepest = [0];
  let open = 0;
  let before = '';
  for (const token of new Lexer().lex(text)) {
    if (before !== SCALAR && /^[[{]$/.test(token)) open += 1;
    deepest.push(Math.max(deepest.pop() ?? 0, open));
    for (let at = token.indexOf('\n'); at >= 0; at = token.indexOf('\n', at + 1)) deepest.push(open);
    if (open > MAXIMUM_DEPTH) break;
    if (before !== SCALAR && /^[\]}]$/.test(token)) open = Math.max(0, open - 1);
    before = token;
  }
  return deepest;
}
