import { type Document, isMap as isMapNode, isScalar, LineCounter, parseDocument, type Tags } from 'yaml';
import { isMap, isTemplate, type Place, type Plain, type Remark, type SourceFile, type Variable } from './source.ts';

/** What a vault's content begins with, in a file and in a value. */
const VAULT = '$ANSIBLE_VAULT';

export interface YamlFile {
  /** By the keys at the top, in order. */
  readonly variables: ReadonlyMap<string, Variable>;
  readonly remarks: readonly Remark[];
}

/**
 * The variables of a YAML file, read as Ansible reads it: version 1.1, in which `yes` is true. Text that is a template stays as it is
 * written. Where the file as a whole is no YAML, each of its blocks is read by itself, so that one slip costs one block. Never throws.
 */
export function readYaml({ path, text }: SourceFile): YamlFile {
  const at = (line: number): Place => ({ path, line });
  if (text.startsWith(VAULT)) {
    const said = 'the file is encrypted by ansible-vault: none of its variables is taken over';
    return { variables: new Map(), remarks: [{ kind: 'encrypted', ...at(1), text: said }] };
  }
  const whole = parse(text);
  if ('variables' in whole) return { variables: placed(whole.variables, path, 0), remarks: [] };
  const variables = new Map<string, Variable>();
  const remarks: Remark[] = [];
  for (const block of blocksOf(text)) {
    const parsed = parse(block.text);
    if ('variables' in parsed)
      for (const [key, each] of placed(parsed.variables, path, block.line)) variables.set(key, each);
    else {
      const said = `${parsed.problem}: this block is left out`;
      remarks.push({ kind: 'not-understood', ...at(block.line + parsed.line), text: said });
    }
  }
  return { variables, remarks };
}

interface Lined {
  readonly value: Plain;
  readonly line: number;
}

type Parsed = { readonly variables: ReadonlyMap<string, Lined> } | { readonly problem: string; readonly line: number };

function parse(text: string): Parsed {
  const lines = new LineCounter();
  try {
    const document: Document = parseDocument(text, {
      version: '1.1',
      lineCounter: lines,
      uniqueKeys: false,
      prettyErrors: false,
      logLevel: 'silent',
      customTags: tags,
    });
    const error = document.errors[0];
    if (error !== undefined) {
      return { problem: `it is no YAML (${firstSentence(error.message)})`, line: lines.linePos(error.pos[0]).line };
    }
    const { contents } = document;
    if (contents === null || (isScalar(contents) && contents.value === null)) return { variables: new Map() };
    const value = document.toJS() as Plain;
    if (!isMapNode(contents) || !isMap(value)) return { problem: 'it is no map of variables', line: 1 };
    const starts = new Map(
      contents.items.map(({ key }) => [
        String(isScalar(key) ? key.value : key),
        isScalar(key) ? (key.range?.[0] ?? 0) : 0,
      ]),
    );
    const entries = Object.entries(value).map(([key, each]) => {
      return [key, { value: each, line: lines.linePos(starts.get(key) ?? 0).line }] as const;
    });
    return { variables: new Map(entries) };
  } catch (error) {
    // Aliases that multiply, or nesting that the parser gives up on.
    return {
      problem: `it cannot be read (${firstSentence(error instanceof Error ? error.message : String(error))})`,
      line: 1,
    };
  }
}

function placed(variables: ReadonlyMap<string, Lined>, path: string, offset: number): Map<string, Variable> {
  return new Map([...variables].map(([key, { value, line }]) => [key, { value, path, line: line + offset }]));
}

function firstSentence(text: string): string {
  return (text.split(/[\n]| at line /)[0] ?? '')
    .replace(/[.:]$/, '')
    .replace(/^[A-Z]/, (letter) => letter.toLowerCase());
}

/** Pieces that begin with a key at the start of a line. */
function blocksOf(text: string): { readonly text: string; readonly line: number }[] {
  const blocks: { lines: string[]; line: number }[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    if (/^(?:---|\.\.\.)/.test(line)) continue;
    if (blocks.length === 0 || /^[^\s#-]/.test(line)) blocks.push({ lines: [line], line: index });
    else blocks.at(-1)?.lines.push(line);
  }
  return blocks.map(({ lines, line }) => ({ text: lines.join('\n'), line }));
}

/** Without dates: Ansible prints them as they were written. Text that is marked as no template says so to Jinja. */
function tags(known: Tags): Tags {
  return [
    ...known.filter((each) => each !== 'timestamp' && (typeof each === 'string' || !each.tag.endsWith(':timestamp'))),
    { tag: '!vault', resolve: (text: string) => text },
    { tag: '!vault-encrypted', resolve: (text: string) => text },
    { tag: '!unsafe', resolve: (text: string) => (isTemplate(text) ? `{% raw %}${text}{% endraw %}` : text) },
  ];
}
