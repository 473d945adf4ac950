import { parse, stringify } from 'yaml';
import { type ConfigFiles, directoryFiles, memoryFiles } from '../lib/config/files.ts';

/** A value by its dotted path in a file below `config/`; undefined takes it away, `renamed` gives a key another name in its place. */
export type Edit = readonly [file: string, path: string, value: unknown];

export const renamed = (to: string): { readonly renamedTo: string } => ({ renamedTo: to });

/** The shipped configuration, with edits. */
export function configured(
  root: string,
  edits: readonly Edit[],
  others: Readonly<Record<string, string>> = {},
): ConfigFiles {
  const shipped = directoryFiles(root);
  const files: Record<string, string> = { ...others };
  const take = (folder: string): void => {
    for (const name of shipped.list(folder)) {
      const path = `${folder}/${name}`;
      if (name.endsWith('.yaml')) files[path] = new TextDecoder().decode(shipped.read(path));
      else take(path);
    }
  };
  take('config');
  const byFile = Map.groupBy(edits, ([file]) => `config/${file}`);
  for (const [file, own] of byFile) {
    const content = parse(files[file] ?? '{}') as Record<string, unknown>;
    for (const [, path, value] of own) set(content, path.split('.'), value);
    files[file] = stringify(content);
  }
  return memoryFiles(files);
}

function set(content: Record<string, unknown>, [key = '', ...rest]: readonly string[], value: unknown): void {
  if (rest.length > 0) {
    content[key] ??= {};
    set(content[key] as Record<string, unknown>, rest, value);
  } else if (value === undefined) {
    if (Array.isArray(content)) content.splice(Number(key), 1);
    else Reflect.deleteProperty(content, key);
  } else if (typeof value === 'object' && value !== null && 'renamedTo' in value) {
    const entries = Object.entries(content);
    for (const [name] of entries) Reflect.deleteProperty(content, name);
    for (const [name, inner] of entries) content[name === key ? String(value.renamedTo) : name] = inner;
  } else content[key] = structuredClone(value);
}
