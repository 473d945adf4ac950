import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

/** A text that people read: a message, an advice, a brief, a line of a page. */
export interface Mention {
  /** `lib/state/errors.ts:17` */
  readonly at: string;
  readonly text: string;
}

/** Texts of every string of the code, `${…}` as the words of `valueOf`. Comments are no advice. */
export function codeTexts(root: string, folders: readonly string[]): Mention[] {
  return folders.flatMap((folder) => filesOf(join(root, folder), '.ts')).flatMap((file) => textsOf(root, file));
}

/** Lines of pages. */
export function pageTexts(root: string, files: readonly string[]): Mention[] {
  return files
    .flatMap((file) => filesOf(join(root, file), '.md'))
    .flatMap((file) =>
      readFileSync(file, 'utf8')
        .split('\n')
        // A block shows commands as they are typed, and says two spaces later what one does.
        .map((line) => line.replace(/^ *(?:npx )?tandem (\S.*?)(?: {2,}.*)?$/, '`tandem $1`'))
        .map((text, index) => ({ at: `${file.slice(root.length + 1)}:${index + 1}`, text })),
    );
}

function filesOf(path: string, extension: string): string[] {
  if (statSync(path).isFile()) return path.endsWith(extension) ? [path] : [];
  return readdirSync(path).flatMap((name) => (name === 'node_modules' ? [] : filesOf(join(path, name), extension)));
}

function textsOf(root: string, file: string): Mention[] {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
  const found: Mention[] = [];
  const visit = (node: ts.Node): void => {
    const text = textOf(node);
    if (text !== undefined) {
      const { line } = source.getLineAndCharacterOfPosition(node.getStart());
      found.push({ at: `${file.slice(root.length + 1)}:${line + 1}`, text });
    }
    // Strings inside `${…}` are texts of their own.
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function textOf(node: ts.Node): string | undefined {
  if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) return node.text;
  if (!ts.isTemplateExpression(node)) return undefined;
  return (
    node.head.text + node.templateSpans.map(({ expression, literal }) => valueOf(expression) + literal.text).join('')
  );
}

const VALUES: Readonly<Record<string, string>> = { to: 'separated', verb: 'deploy', reference: 'secret:x' };

/** Something that the expression may be: what a parser of arguments takes there. */
function valueOf(expression: ts.Expression): string {
  const name = expression.getText().replace(/^.*\./, '');
  return VALUES[name] ?? 'x';
}

/** The commands in a text: `tandem …` between backticks, and a line of a console; without `tandem`. */
export function commandsIn(text: string): string[][] {
  const quoted = [...text.matchAll(/`((?:npx )?tandem [^`]+)`/g)].map(([, line = '']) => line);
  const typed = /^(?:\$ )?(npx tandem .+)$/.exec(text)?.[1];
  return [...quoted, ...(typed === undefined ? [] : [typed])].flatMap((line) =>
    tandemIn(shellCommands(line.replaceAll(/<[a-z][^>]*>/gi, 'x'))),
  );
}

/** Those that are Tandem's. */
export function tandemIn(commands: readonly (readonly string[])[]): string[][] {
  return commands.flatMap((words) => {
    const [program, ...args] = words[0] === 'npx' ? words.slice(1) : words;
    return program === 'tandem' ? [args] : [];
  });
}

/** The commands of a line, as a shell takes them: what stands in quotes is one word; no comments, and no files that output goes to. */
export function shellCommands(line: string): string[][] {
  const commands: string[][] = [[]];
  let isTarget = false;
  for (const [token] of line.replace(/(?<=^|\s)#.*$/, '').matchAll(/(?:"[^"]*"|'[^']*'|[^\s"'|&;<>()])+|[|&;<>()]+/g)) {
    if (/^[|&;<>()]/.test(token)) {
      isTarget = token === '>';
      if (!isTarget) commands.push([]);
    } else if (isTarget) isTarget = false;
    else commands.at(-1)?.push(token.replaceAll(/"([^"]*)"|'([^']*)'/g, '$1$2'));
  }
  return commands.filter((words) => words.length > 0);
}

/** The command lines in blocks of a page that are marked `sh` or `console`. */
export function typedIn(root: string, page: string): Mention[] {
  const text = readFileSync(join(root, page), 'utf8');
  return [...text.matchAll(/^```(sh|console)\b.*\n([\s\S]*?)^```$/gm)].flatMap(({ 1: kind, 2: body = '', index }) => {
    const first = text.slice(0, index).split('\n').length + 1;
    const lines = body
      .trimEnd()
      .split('\n')
      .map((line, at) => ({ at: `${page}:${first + at}`, text: line }));
    if (kind === 'sh') return lines;
    return lines.flatMap(({ at, text }) => (text.startsWith('$ ') ? [{ at, text: text.slice(2) }] : []));
  });
}

/** Flags that a text names outside of commands, where they are those of the verb at hand. */
export function flagsIn(text: string): string[] {
  return [...text.replaceAll(/`[^`]*`/g, '').matchAll(/(?<![\w-])--([a-z][a-z-]+)\b/g)].map(([, name = '']) => name);
}
