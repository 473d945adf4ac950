import { kollaFileRefusal } from '../../config/kolla-files.ts';
import { assignmentsIn } from '../kolla/ini.ts';
import { readerOf } from '../kolla/override-files.ts';
import { WRITTEN_WHOLE } from '../kolla/own-files.ts';
import { fieldOfSetting } from '../kolla/settings-of-fields.ts';
import { isTemplate, type Plain } from './source.ts';

/** A file of a tree's overrides, as it was read. */
export interface OverrideFile {
  /** Below the folder of overrides: `nova/nova-compute.conf`. */
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** What becomes of a tree's own overrides. */
export interface OwnFiles {
  /** Those that the cloud's own folder takes over: content by path. */
  readonly files: Readonly<Record<string, string>>;
  /** Those that it does not, and settings that were taken out of others since a field says them, each with its reason. */
  readonly left: readonly { readonly name: string; readonly value: Plain; readonly reason: string }[];
  /** By field of the cloud: what those settings said in its unit, where it is no template. `NaN` where it is no number. */
  readonly fields: ReadonlyMap<string, string>;
}

/**
 * Takes over a tree's overrides as the folder `config/clouds/<name>.kolla/` holds them. Pure.
 * @param evaluated what is left of a text once the tree's deployer has evaluated it, undefined where it has templates of its own
 */
export function ownFilesOf(
  overrides: readonly OverrideFile[],
  evaluated: (text: string) => string | undefined,
): OwnFiles {
  const files: Record<string, string> = {};
  const left: { name: string; value: Plain; reason: string }[] = [];
  const fields = new Map<string, string>();
  for (const { path, bytes } of overrides) {
    const name = `config/${path}`;
    const read = kollaFileRefusal(path, bytes);
    if (typeof read !== 'string') {
      left.push({ name, value: 'there', reason: `${read.message}: ${read.fix}` });
      continue;
    }
    const text = evaluated(read);
    if (text === undefined) {
      const reason = 'Kayobe evaluates it: import the folder that Kayobe writes on its control host in its place';
      left.push({ name, value: 'there', reason });
    } else if (WRITTEN_WHOLE.test(path)) {
      left.push({ name, value: 'there', reason: 'Tandem writes it whole: predictions stand on its times' });
    } else {
      const { kept, taken } = withoutFields(path, text);
      for (const { section, key, value, field } of taken) {
        left.push({ name: `${name} [${section}] ${key}`, value, reason: `${field.field} of the cloud says it` });
        if (!isTemplate(value)) fields.set(field.field, String(Number(value) / (field.scale ?? 1)));
      }
      files[path] = kept;
    }
  }
  return { files, left, fields };
}

function withoutFields(path: string, text: string) {
  const reader = /\.(?:conf|ini|cnf)$/.test(path) ? readerOf(path) : undefined;
  const taken = assignmentsIn(reader === undefined ? '' : text).flatMap((each) => {
    const field = reader === undefined ? undefined : fieldOfSetting(each, reader);
    return field === undefined ? [] : [{ ...each, field }];
  });
  const gone = new Set(
    taken.flatMap(({ line, lastLine }) => Array.from({ length: lastLine - line + 1 }, (_, i) => line + i)),
  );
  const kept =
    gone.size === 0
      ? text
      : text
          .split('\n')
          .filter((_, index) => !gone.has(index + 1))
          .join('\n');
  return { kept, taken };
}
