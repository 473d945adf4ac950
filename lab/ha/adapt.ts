import { dropOption, optionsOf, setOption } from './ini.ts';

/** Settings files of one host, by their path in Kolla's output: `mariadb/galera.cnf`. */
export type Files = ReadonlyMap<string, string>;

/** Timers of what no file of Kolla's sets here, in seconds; a name that ends with `Count` counts. Those of `lib/private-cloud/topology/timers.ts`. */
export interface HaTimers {
  readonly ovnElection: number;
  readonly proxysqlCheckInterval: number;
  readonly proxysqlCheckFallCount: number;
  readonly checkFastInterval: number;
  readonly checkRiseCount: number;
}

/** What an adaptation may use of the host it is made for. */
export interface AdaptationHost {
  readonly name: string;
  readonly address: string;
  readonly vip: string;
  readonly timers: HaTimers;
  /** Members of Galera, itself included where it is one. */
  readonly databases: readonly { readonly name: string; readonly address: string }[];
}

type Value = string | ((host: AdaptationHost) => string);

/** One edit of one file. */
export type Edit =
  | { readonly set: readonly [section: string, key: string]; readonly to: Value }
  | { readonly drop: readonly [section: string, key: string] }
  | { readonly replace: RegExp; readonly with: Value }
  | { readonly append: Value };

/** A difference between what Kolla deploys and what runs here. */
export interface Adaptation {
  readonly id: string;
  /** Path in Kolla's output. */
  readonly file: string;
  readonly edits: readonly Edit[];
  readonly reason: string;
  /** What the drill is no evidence for, because of it. @default nothing: what is tested is what it was */
  readonly notEvidence?: string;
}

/** What an adaptation did on a host; none of its edits changing anything means that it is out of date. */
export interface Applied {
  readonly id: string;
  readonly file: string;
  readonly reason: string;
  readonly notEvidence: string | undefined;
}

/**
 * Kolla's files as this lab's older programs and name spaces take them.
 * @throws Error where a file is missing, or an edit finds nothing to change: the table is out of date then
 */
export function adapt(
  rendered: Files,
  table: readonly Adaptation[],
  host: AdaptationHost,
): { readonly files: Files; readonly applied: readonly Applied[] } {
  const files = new Map(rendered);
  const applied = table.map(({ id, file, edits, reason, notEvidence }): Applied => {
    let text = files.get(file);
    if (text === undefined) throw new Error(`adaptation ${id}: Kolla rendered no ${file} for ${host.name}`);
    for (const edit of edits) text = changed(id, file, text, edit, host);
    files.set(file, text);
    return { id, file, reason, notEvidence };
  });
  return { files, applied };
}

function changed(id: string, file: string, text: string, edit: Edit, host: AdaptationHost): string {
  const result = edited(text, edit, host);
  if (result === text)
    throw new Error(`adaptation ${id}: ${JSON.stringify(describe(edit))} changes nothing in ${file}`);
  return result;
}

function edited(text: string, edit: Edit, host: AdaptationHost): string {
  if ('set' in edit) {
    const [section, key] = edit.set;
    const value = valueOf(edit.to, host);
    // The same value is no change of meaning, however it is written.
    return optionsOf(text, section).get(key) === value ? text : setOption(text, section, key, value);
  }
  if ('drop' in edit) return dropOption(text, ...edit.drop);
  if ('replace' in edit) return text.replace(edit.replace, () => valueOf(edit.with, host));
  return `${text.replace(/\n$/, '')}\n${valueOf(edit.append, host)}\n`;
}

function describe(edit: Edit): readonly string[] {
  if ('set' in edit) return ['set', ...edit.set];
  if ('drop' in edit) return ['drop', ...edit.drop];
  return 'replace' in edit ? ['replace', String(edit.replace)] : ['append'];
}

function valueOf(value: Value, host: AdaptationHost): string {
  return typeof value === 'string' ? value : value(host);
}
