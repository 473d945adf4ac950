import type { Project } from '../config/project.ts';
import { recordedTarget } from '../engines/recorded-target.ts';
import { compareIds, type StackId } from '../stack/id.ts';
import { selectIds } from '../stack/select.ts';
import type { EngineName } from '../stack/synthesized.ts';
import { type StackTarget } from '../stack/target.ts';
import type { VersionInfo } from '../state/versions.ts';
import { stacksOf } from '../synthesis/catalogue.ts';
import type { DeployPorts } from './ports.ts';

export interface ListedStack {
  readonly id: StackId;
  readonly engine: EngineName;
  /** `new`: not applied; `removed`: applied once, and no longer configured. */
  readonly state: 'applied' | 'new' | 'removed';
  /** Of the last application; null where there was none. */
  readonly applied: { readonly at: string; readonly by: string; readonly commit: string } | null;
  readonly lockedBy: { readonly owner: string; readonly verb: string; readonly since: string } | null;
  /** Operation that left it unfinished; null where there is none. */
  readonly unfinished: string | null;
  /** Where it is, or would be made. */
  readonly target: StackTarget;
  /** What `deploy --leave-behind` left in other places: the version that tells of it, and where that is. */
  readonly left: readonly { readonly version: string; readonly text: string }[];
}

/** Every stack that is configured or recorded, or was left behind somewhere. */
export async function listStacks(
  ports: DeployPorts,
  project: Project,
  selectors: readonly string[],
): Promise<ListedStack[]> {
  const configured = new Map(stacksOf(project).map((each) => [each.id, each]));
  const records = new Map((await ports.records.list()).map((record) => [record.stack, record]));
  const locks = new Map((await ports.locks.list()).map((lock) => [lock.stack, lock]));
  const open = await ports.journal.open();
  const left = Map.groupBy(await ports.versions.left(), ({ stack }) => stack);
  const ids = [...new Set([...configured.keys(), ...records.keys(), ...left.keys()])].sort(compareIds);
  const listed = [...selectIds(ids, selectors)].map(async (id): Promise<ListedStack | undefined> => {
    const lock = locks.get(id);
    const behind = left.get(id) ?? [];
    const record = records.get(id);
    const known = record ?? configured.get(id) ?? (await lastRecord(ports, id, behind));
    // Neither configured nor recorded, and what was left of it cannot be read.
    if (known === undefined) return undefined;
    const { engine } = known;
    return {
      id,
      engine,
      state: !configured.has(id) ? 'removed' : record === undefined ? 'new' : 'applied',
      applied: record === undefined ? null : { at: record.at, by: record.by, commit: record.commit },
      lockedBy: lock === undefined ? null : { owner: lock.owner, verb: lock.verb, since: lock.since },
      unfinished: open.find((each) => each.stacks.includes(id))?.id ?? null,
      target: record === undefined ? (configured.get(id)?.target ?? {}) : recordedTarget(record),
      left: behind.map(({ id: version, moment }) => ({ version, text: moment })),
    };
  });
  return (await Promise.all(listed)).filter((each) => each !== undefined);
}

async function lastRecord({ versions }: Pick<DeployPorts, 'versions'>, id: StackId, behind: readonly VersionInfo[]) {
  const [first] = behind;
  return first === undefined ? undefined : ((await versions.read(id, first.id))?.record ?? undefined);
}
