/** A small change of the minimal configuration: part of a file, a whole file, or a file removed. */
export type Edit =
  | { readonly file: string; readonly replace: string; readonly by: string }
  | { readonly file: string; readonly content: string }
  | { readonly file: string };

export interface BrokenRow {
  readonly name: string;
  readonly edits: readonly Edit[];
  /** All that is said of it, as printed: file, line, column, path, what was received, why it is wrong, what to write. */
  readonly problems: readonly string[];
}

export function apply(files: Readonly<Record<string, string>>, edits: readonly Edit[]): Record<string, string> {
  const result = { ...files };
  for (const edit of edits) {
    const { file } = edit;
    if ('content' in edit) result[file] = edit.content;
    else if ('replace' in edit) result[file] = replaceOnce(result[file] ?? '', edit.replace, edit.by);
    else Reflect.deleteProperty(result, file);
  }
  return result;
}

/** A row that no longer changes anything would prove nothing. */
function replaceOnce(text: string, what: string, by: string): string {
  const at = text.indexOf(what);
  if (at < 0) throw new Error(`nothing to replace: ${what}`);
  return text.slice(0, at) + by + text.slice(at + what.length);
}
