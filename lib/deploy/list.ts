import type { Project } from '../config/project.ts';
import { compareIds, type StackId } from '../stack/id.ts';
import { selectIds } from '../stack/select.ts';
import type { EngineName } from '../stack/synthesized.ts';
import { ageOf } from '../state/lock.ts';
import { stacksOf } from '../synthesis/catalogue.ts';
import { table } from '../text/table.ts';
import type { DeployPorts } from './ports.ts';

export interface ListedStack {
  readonly id: StackId;
  readonly engine: EngineName;
  /** `new`: never applied; `removed`: applied, and no longer configured. */
  readonly state: 'applied' | 'new' | 'removed';
  /** Of the last application; null where there was none. */
  readonly applied: { readonly at: string; readonly by: string; readonly commit: string } | null;
  readonly lockedBy: { readonly owner: string; readonly verb: string; readonly since: string } | null;
  /** Operation that left it unfinished; null where there is none. */
  readonly unfinished: string | null;
}

/** Every stack that is configured or recorded. */
export async function listStacks(
  ports: DeployPorts,
  project: Project,
  selectors: readonly string[],
): Promise<ListedStack[]> {
  const configured = new Map(stacksOf(project).map((each) => [each.id, each.engine]));
  const records = new Map((await ports.records.list()).map((record) => [record.stack, record]));
  const locks = new Map((await ports.locks.list()).map((lock) => [lock.stack, lock]));
  const open = await ports.journal.open();
  const ids = [...new Set([...configured.keys(), ...records.keys()])].sort(compareIds);
  return [...selectIds(ids, selectors)].map((id) => {
    const record = records.get(id);
    const lock = locks.get(id);
    const engine = record?.engine ?? configured.get(id);
    if (engine === undefined) throw new Error(`${id} is neither configured nor recorded`);
    return {
      id,
      engine,
      state: record === undefined ? 'new' : configured.has(id) ? 'applied' : 'removed',
      applied: record === undefined ? null : { at: record.at, by: record.by, commit: record.commit },
      lockedBy: lock === undefined ? null : { owner: lock.owner, verb: lock.verb, since: lock.since },
      unfinished: open.find((each) => each.stacks.includes(id))?.id ?? null,
    };
  });
}

export function renderList(stacks: readonly ListedStack[]): string {
  const rows = stacks.map(({ id, state, applied, lockedBy, unfinished }) => [
    id,
    state,
    applied === null
      ? ''
      : `${applied.at.slice(0, 16).replace('T', ' ')} by ${applied.by}${applied.commit === '' ? '' : ` at ${applied.commit.slice(0, 10)}`}`,
    lockedBy === null
      ? unfinished === null
        ? ''
        : `unfinished: ${unfinished}`
      : `${lockedBy.owner} runs ${lockedBy.verb} (${ageOf(lockedBy)})`,
  ]);
  return table(rows)
    .map((line) => `${line}\n`)
    .join('');
}
