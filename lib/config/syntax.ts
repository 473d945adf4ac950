import { type Document, isCollection, isNode, isScalar, visit, type YAMLError } from 'yaml';
import type { TreeProblem } from './inspect.ts';

/** What the parser says, in our words and at the place to fix; one problem a place. */
export function syntaxProblems(document: Document, text: string): TreeProblem[] {
  const seen = new Set<number>();
  return [...document.errors, ...document.warnings]
    .map((error) => toProblem(error, document, text))
    .filter(({ offset }) => (seen.has(offset) ? false : seen.add(offset)));
}

type Said = readonly [message: string, fix: string];

/** The parser's codes: what people do to get them, and what to write. */
const SYNTAX: Readonly<Record<string, Said>> = {
  TAB_AS_INDENT: ['got a tab; YAML indents with spaces only', 'write spaces'],
  MULTIPLE_DOCS: ['got a second document; a file holds one', 'write a file for each'],
  BLOCK_AS_IMPLICIT_KEY: [
    'got a second `key:` where a value belongs',
    'put each key on a line of its own, or quote the value if it has a colon in it',
  ],
  MULTILINE_IMPLICIT_KEY: [
    'got text that runs on into the next line; a colon is missing here, or the indentation changes',
    'write `key: value` on one line, indented like its neighbours',
  ],
  BAD_INDENT: ['the indentation matches no line above it', 'indent it like the lines that it belongs with'],
  TAG_RESOLVE_FAILED: ['got a tag, which means nothing here', 'remove the word that starts with !'],
  RESOURCE_EXHAUSTION: ['it is nested too deeply to be read', 'nest less'],
};

function toProblem(error: YAMLError, document: Document, text: string): TreeProblem {
  const offset = error.pos[0];
  const said = (message: string, fix: string, at = offset): TreeProblem => ({
    code: 'yaml-syntax',
    offset: at,
    message,
    fix,
  });
  // The parser reports what is not closed where it gives up; it is fixed where it was opened.
  if (/^Missing closing .?quote/.test(error.message)) {
    return said('got a quote that is not closed', 'close it on the same line', openedAt(document, offset, isScalar));
  }
  if (/^Flow (?:sequence|map)/.test(error.message)) {
    return said('got a bracket that is not closed', 'close it', openedAt(document, offset, isFlow));
  }
  if (error.code === 'BAD_SCALAR_START') {
    return said(`got ${text.charAt(offset)}; unquoted text cannot start with it`, 'quote the value');
  }
  if (error.message.startsWith('Implicit map keys')) {
    return said('got text where a `key:` belongs; there is no colon after it', 'write `key: value`');
  }
  const known = SYNTAX[error.code];
  if (known !== undefined) return said(...known);
  const lower = error.message.replace(/\.$/, '').replace(/^[A-Z]/, (letter) => letter.toLowerCase());
  return said(`it is not valid YAML: ${lower}`, 'fix the syntax here');
}

function isFlow(node: unknown): boolean {
  return isCollection(node) && node.flow === true;
}

/** Where the last node of a kind begins that is still open at an offset. */
function openedAt(document: Document, offset: number, isKind: (node: unknown) => boolean): number {
  let found = offset;
  visit(document, {
    Node(_key, node) {
      const start = isNode(node) ? node.range?.[0] : undefined;
      if (isKind(node) && start !== undefined && start < offset) found = start;
    },
  });
  return found;
}
