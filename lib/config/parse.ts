import { type Document, LineCounter, parseDocument } from 'yaml';
import { isRecord } from '../text/json.ts';
import type { Problem } from './diagnostic.ts';
import { ConfigFileError, type ConfigFiles } from './files.ts';
import { inspectTree } from './inspect.ts';
import { Origin, type ParsedFile, toPosition } from './origin.ts';
import { syntaxProblems } from './syntax.ts';
import { decodeText } from './text.ts';

/** Larger files are refused unread: no configuration written by people comes near. */
const MAXIMUM_FILE_BYTES = 1024 * 1024;
/** One broken line makes the parser stumble on: what follows the first few errors is noise. */
const MAXIMUM_SYNTAX_PROBLEMS = 5;

export interface ParseResult {
  readonly problems: readonly Problem[];
  /** Undefined where the file cannot be used at all. */
  readonly parsed?: ParsedFile & { readonly value: Record<string, unknown> };
}

/** What each file was parsed to last: a commit and the working tree, or an edit and what was there before, share most files. */
const lastParsed = new Map<string, { readonly bytes: Uint8Array; readonly result: ParseResult }>();

/** Reads and parses one YAML file. Whatever is in it, the result is a value or problems, never an exception. Nobody changes the value. */
export function parseFile(files: ConfigFiles, file: string): ParseResult {
  let bytes: Uint8Array;
  try {
    bytes = files.read(file, MAXIMUM_FILE_BYTES);
  } catch (error) {
    return ofWhole(file, readProblem(error));
  }
  const last = lastParsed.get(file);
  if (last !== undefined && Buffer.compare(last.bytes, bytes) === 0) return last.result;
  const decoded = decodeText(bytes);
  const result = 'text' in decoded ? parseText(file, decoded.text) : ofWhole(file, decoded);
  lastParsed.set(file, { bytes: new Uint8Array(bytes), result });
  return result;
}

function ofWhole(file: string, problem: Pick<Problem, 'code' | 'message' | 'fix'>): ParseResult {
  return { problems: [{ severity: 'error', file, line: 1, column: 1, path: '', ...problem }] };
}

function readProblem(error: unknown): Pick<Problem, 'code' | 'message' | 'fix'> {
  if (!(error instanceof ConfigFileError)) throw error;
  if (error.code === 'EFBIG') {
    const message = `got ${error.message}; a configuration file has at most 1 MiB`;
    return { code: 'file-too-large', message, fix: 'split it, or move data out of it' };
  }
  const fix =
    error.code === 'EOUTSIDE'
      ? 'copy the file into the project'
      : error.code === 'EACCES'
        ? 'make it readable'
        : 'make it a regular file, or remove it';
  return { code: 'unreadable-file', message: `it cannot be read: ${error.message}`, fix };
}

function parseText(file: string, text: string): ParseResult {
  const lines = new LineCounter();
  const document: Document = parseDocument(text, {
    lineCounter: lines,
    uniqueKeys: false,
    prettyErrors: false,
    version: '1.2',
    logLevel: 'error',
  });
  const parsed: ParsedFile = { file, document, lines };
  const problem = (offset: number, said: Pick<Problem, 'code' | 'message' | 'fix'>): Problem => ({
    severity: 'error',
    ...toPosition(parsed, offset),
    path: '',
    ...said,
  });
  const syntax = syntaxProblems(document, text).slice(0, MAXIMUM_SYNTAX_PROBLEMS);
  if (syntax.length > 0) return { problems: syntax.map(({ offset, ...said }) => problem(offset, said)) };
  const tree = inspectTree(document);
  if (tree.length > 0) {
    return { problems: tree.map(({ offset, code, message, fix }) => problem(offset, { code, message, fix })) };
  }
  const value: unknown = document.toJS();
  if (value === null || value === undefined) {
    const message = text.trim() === '' ? 'the file is empty' : 'it holds nothing but comments';
    return { problems: [problem(0, { code: 'empty-file', message, fix: 'write its content, or remove the file' })] };
  }
  if (!isRecord(value)) {
    const got = Array.isArray(value) ? 'a list' : `a ${typeof value}`;
    const message = `got ${got} at the top; a configuration file is a map`;
    return { problems: [new Origin([parsed]).problem('not-a-map', message, 'write `key: value` lines')] };
  }
  return { problems: [], parsed: { ...parsed, value } };
}
