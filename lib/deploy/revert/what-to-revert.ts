import type { StackId } from '../../stack/id.ts';
import type { ToldOperation } from '../../state/journal.ts';
import type { Versions } from '../../state/versions.ts';
import { actionsOf } from '../history.ts';

/** What an operation did to one stack, as the versions of its record tell. */
export interface StackSpan {
  readonly stack: StackId;
  /** Commit of the configuration before the operation; undefined where the stack was not there. */
  readonly before: string | undefined;
  /** After it; undefined where the stack was removed. */
  readonly after: string | undefined;
  /** Files of the configuration that it came from, before or after. */
  readonly files: readonly string[];
}

/** Actions after which the thing is another one, or empty. */
const LASTING = ['delete', 'replace'];

/**
 * For each stack that an operation changed: the record before it, and after it.
 * @returns also the stacks of which no version from before or after it is kept
 */
export async function spansOf(
  versions: Pick<Versions, 'list' | 'read'>,
  { operation }: ToldOperation,
): Promise<{ readonly spans: readonly StackSpan[]; readonly unknown: readonly StackId[] }> {
  const spans: StackSpan[] = [];
  const unknown: StackId[] = [];
  for (const stack of operation.stacks) {
    if (!operation.done.some((key) => key === `apply ${stack}` || key === `destroy ${stack}`)) continue;
    const listed = await versions.list(stack);
    const own = listed.findIndex(({ operation: by, moment }) => by === operation.id && moment.startsWith('after'));
    const last = listed[own];
    if (last === undefined) {
      unknown.push(stack);
      continue;
    }
    // Newest first. A version that is equal to the one before is not kept, so it may be another operation's.
    const earlier = listed
      .slice(own + 1)
      .find(({ operation: by, moment }) => by !== operation.id || moment.startsWith('before'));
    const [before, after] = await Promise.all(
      [earlier, last].map(async (each) =>
        each === undefined ? null : ((await versions.read(stack, each.id))?.record ?? null),
      ),
    );
    const all = [...new Set([...(before?.files ?? []), ...(after?.files ?? [])])].sort();
    // Of a stack that was not there, only its own file goes: others stand on the rest.
    const files = before === null ? all.filter((file) => file.startsWith('config/dev/')) : all;
    if (before?.commit === '' || after?.commit === '' || files.length === 0) unknown.push(stack);
    else spans.push({ stack, before: before?.commit, after: after?.commit, files });
  }
  return { spans, unknown };
}

/** What no configuration brings back: one line for each thing that was destroyed or replaced. Pure. */
export function lastingChanges({ entries }: Pick<ToldOperation, 'entries'>): string[] {
  const lines = entries.flatMap((entry) => {
    if (entry.entry !== 'intend') return [];
    const stack = entry.key.split(' ')[1] ?? '';
    const lasting = actionsOf(entry.detail).filter((action) => LASTING.includes(action.split(' ')[0] ?? ''));
    return lasting.map((action) => `${stack}: ${action}`);
  });
  return [...new Set(lines)];
}
