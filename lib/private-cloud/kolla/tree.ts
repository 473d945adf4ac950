import type { ConfigPath } from '../../config/origin.ts';
import { iniValue, type Value, yamlValue } from './expression.ts';

/** One value that goes into a rendered file. */
export interface Setting {
  /** Name in its file; for INI files within its section. */
  readonly key: string;
  readonly value: Value;
  /** Value of the cloud's configuration that it is made from. @default none: Tandem's own choice, with its reason */
  readonly from?: ConfigPath;
  /** Why it is what it is, for whoever reads the file: one line, or several. */
  readonly why?: string | readonly string[];
}

/** One file of the tree. */
export interface RenderedFile {
  /** Relative to the tree, e.g. `inventory/multinode`. */
  readonly path: string;
  readonly content: string;
  /** Values of the cloud's configuration that the whole file is made from. */
  readonly from: readonly ConfigPath[];
  /** Those of its keys alone. */
  readonly keys: Readonly<Record<string, ConfigPath>>;
}

/** `vips.routerId`, as comments name a value. */
function pathText(path: ConfigPath): string {
  return path.join('.');
}

/** The comment that every file begins with: where it comes from, and what to change instead of it. */
export function headOf(cloud: string, from: readonly ConfigPath[], about: string): string[] {
  const keys = [...new Set(from.map((path) => String(path[0])))].sort();
  return [
    `# ${about}`,
    `# Written by Tandem from config/clouds/${cloud}.yaml: ${keys.join(', ')}.`,
    `# Change it there and run \`tandem cloud render ${cloud}\`: a file that was edited here is refused.`,
  ];
}

/** What stands behind a value, as a comment above it. */
function noteOf({ from, why }: Pick<Setting, 'from' | 'why'>): string[] {
  const reasons = why === undefined ? [] : typeof why === 'string' ? [why] : why;
  const [first, ...rest] = reasons;
  const start = [...(from === undefined ? [] : [pathText(from)]), ...(first === undefined ? [] : [first])].join(': ');
  return [...(start === '' ? [] : [start]), ...rest].map((line) => `# ${line}`);
}

/** A file of YAML variables, each key on one line. */
export function yamlFile(cloud: string, path: string, about: string, settings: readonly Setting[]): RenderedFile {
  const from = settings.flatMap((each) => (each.from === undefined ? [] : [each.from]));
  const lines = ['---', ...headOf(cloud, from, about)];
  for (const setting of settings) lines.push('', ...noteOf(setting), `${setting.key}: ${yamlValue(setting.value)}`);
  return { path, content: `${lines.join('\n')}\n`, from, keys: keysOf(settings) };
}

/** A section of an INI file. */
export interface Section {
  readonly name: string;
  readonly settings: readonly Setting[];
}

/** An INI file that Kolla merges over its own. */
export function iniFile(
  cloud: string,
  path: string,
  about: string,
  sections: readonly Section[],
  more: readonly ConfigPath[] = [],
): RenderedFile {
  const settings = sections.flatMap((each) => each.settings);
  const from = [...more, ...settings.flatMap((each) => (each.from === undefined ? [] : [each.from]))];
  const lines = headOf(cloud, from, about);
  for (const section of sections) {
    lines.push('', `[${section.name}]`);
    for (const setting of section.settings)
      lines.push(...noteOf(setting), `${setting.key} = ${iniValue(setting.value)}`);
  }
  const keys = sections.flatMap(({ name, settings: own }) => Object.entries(keysOf(own, `${name}.`)));
  return { path, content: `${lines.join('\n')}\n`, from, keys: Object.fromEntries(keys) };
}

function keysOf(settings: readonly Setting[], prefix = ''): Record<string, ConfigPath> {
  return Object.fromEntries(
    settings.flatMap(({ key, from }) => (from === undefined ? [] : [[`${prefix}${key}`, from] as const])),
  );
}
