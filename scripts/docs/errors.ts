import { join } from 'node:path';
import ts from 'typescript';
import { type Constants, constantsOf, textsOf } from './error-texts.ts';
import { readSources, type Sources } from './sources.ts';

/** One code of the catalogue. */
export interface ErrorEntry {
  readonly code: string;
  /** Alternatives; `{name}` stands for a value. */
  readonly messages: readonly string[];
  readonly next: readonly string[];
  /** The function that makes it. */
  readonly maker: string;
  /** The `errors.ts` that it stands in, from the root. */
  readonly file: string;
}

const isCatalogue = (file: string): boolean => /(^|\/)errors\.ts$/.test(file);

/** Every code that the `errors.ts` files make, sorted. @throws Error where a code exists twice, or cannot be read from the source. */
export function readErrors(sources: Sources): readonly ErrorEntry[] {
  const entries = [...sources].flatMap(([file, text]) => {
    if (isCatalogue(file)) return entriesOf(file, text);
    if (text.includes('new TandemError(') && !file.startsWith('lib/errors/'))
      throw new Error(`${file} makes a TandemError: move it to the errors.ts of its room`);
    return [];
  });
  const byCode = new Map<string, ErrorEntry>();
  for (const entry of entries) {
    const before = byCode.get(entry.code);
    if (before !== undefined && (before.file !== entry.file || before.maker !== entry.maker))
      throw new Error(
        `${before.file} and ${entry.file} both have the code ${entry.code}: scripts match on codes, so each is one error`,
      );
    byCode.set(entry.code, { ...entry, next: [...new Set([...(before?.next ?? []), ...entry.next])] });
  }
  return [...byCode.values()].sort((one, other) => (one.code < other.code ? -1 : 1));
}

function entriesOf(file: string, text: string): readonly ErrorEntry[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  return source.statements.filter(ts.isFunctionDeclaration).flatMap((declaration) => {
    const maker = declaration.name?.text ?? '';
    const constants = constantsOf(source, declaration);
    return initsOf(declaration).flatMap((init) => {
      const expressions = (['code', 'message', 'next'] as const).map((name) => propertyOf(init, name));
      const [code, message, next] = expressions;
      if (code === undefined || message === undefined || next === undefined)
        throw new Error(`${file}: ${maker} must write code, message and next in the call of TandemError`);
      return bindings(code, constants).map((bound) => {
        const [literal, ...others] = textsOf(code, bound);
        if (literal === undefined || others.length > 0 || !/^[a-z][a-z0-9-]*$/.test(literal))
          throw new Error(`${file}: ${maker} must write its code as a kebab-case literal; found ${code.getText()}`);
        return { code: literal, messages: textsOf(message, bound), next: textsOf(next, bound), maker, file };
      });
    });
  });
}

/** The arguments of `new TandemError(...)` in a function. */
function initsOf(declaration: ts.FunctionDeclaration): readonly ts.ObjectLiteralExpression[] {
  const found: ts.ObjectLiteralExpression[] = [];
  const visit = (node: ts.Node): void => {
    const init =
      ts.isNewExpression(node) && node.expression.getText() === 'TandemError' ? node.arguments?.[0] : undefined;
    if (init !== undefined && ts.isObjectLiteralExpression(init)) found.push(init);
    ts.forEachChild(node, visit);
  };
  visit(declaration);
  return found;
}

function propertyOf(object: ts.ObjectLiteralExpression, name: string): ts.Expression | undefined {
  for (const property of object.properties) {
    if (property.name?.getText() !== name) continue;
    if (ts.isPropertyAssignment(property)) return property.initializer;
    if (ts.isShorthandPropertyAssignment(property)) return property.name;
  }
  return undefined;
}

/** A code from a table of tuples is as many errors as the table has rows: the constants of each. */
function bindings(code: ts.Expression, constants: Constants): readonly Constants[] {
  const table = ts.isIdentifier(code) ? constants.tuples.get(code.text) : undefined;
  if (table === undefined) return [constants];
  return table.from.map((tuple) => {
    const values = new Map(constants.values);
    for (const [name, { from, index }] of constants.tuples) {
      const element = tuple.elements[index];
      if (from === table.from && element !== undefined) values.set(name, element);
    }
    return { values, tuples: constants.tuples };
  });
}

/** Files that call a function of an `errors.ts`, by the function's name and that file. */
function callersOf(sources: Sources): (entry: ErrorEntry) => readonly string[] {
  const callers = new Map<string, string[]>();
  for (const [file, text] of sources)
    for (const [, names = '', path = ''] of text.matchAll(/^import \{([^}]*)\} from '(\.[^']*\berrors\.ts)';/gm))
      for (const name of names.split(',').map((each) => each.trim())) {
        const key = `${join(file, '..', path)} ${name}`;
        callers.set(key, [...(callers.get(key) ?? []), file]);
      }
  return ({ file, maker }) => (callers.get(`${file} ${maker}`) ?? []).sort();
}

const INTRODUCTION = `# Errors

Every expected failure has a code that stays the same between versions, a message and a next step; \`--json\` prints all three. Words in braces stand
for values, brackets for what is not always said. Problems inside configuration files are no errors of this kind: \`tandem validate\` lists them with
their places.

This page is generated from the \`errors.ts\` files (\`npm run docs\`).
`;

/** `docs/errors.md`. */
export function errorFiles(root: string): ReadonlyMap<string, string> {
  const sources = readSources(root, ['lib', 'stacks', 'lab']);
  const callers = callersOf(sources);
  const sections = readErrors(sources).map((entry) => {
    const thrown = callers(entry).map((file) => `[${file}](../${file})`);
    return [
      `## ${entry.code}`,
      entry.messages.map(markdown).join('; or: '),
      `Next: ${entry.next.map(markdown).join('; or: ')}`,
      `Made by \`${entry.maker}\` in [${entry.file}](../${entry.file})${thrown.length === 0 ? '' : `; thrown in ${thrown.join(', ')}`}.`,
    ].join('\n\n');
  });
  return new Map([['docs/errors.md', `${[INTRODUCTION.trim(), ...sections].join('\n\n')}\n`]]);
}

/** On one line, with what Markdown would take for markup outside code kept as it is. */
function markdown(text: string): string {
  const parts = text.replaceAll(/\s+/g, ' ').split('`');
  return parts.map((part, index) => (index % 2 === 0 ? part.replaceAll(/[<*_[\]]/g, String.raw`\$&`) : part)).join('`');
}
