import type { Project } from '../../config/project.ts';
import type { StackId } from '../../stack/id.ts';
import type { SynthesizedStack } from '../../stack/synthesized.ts';
import { noSuchVersion } from '../../state/errors.ts';
import { stateFacts } from '../../state/states.ts';
import type { Snapshot, VersionInfo } from '../../state/versions.ts';
import { stacksOf } from '../../synthesis/catalogue.ts';
import { resumedByCommand, runOperation } from '../operation.ts';
import type { DeployPorts, OperationOptions } from '../ports.ts';
import { fromRecord, targetsFor, theOne } from '../targets.ts';
import { notLeftBehind } from './errors.ts';
import { keepVersion, snapshotOf } from './versions.ts';

/** The one stack that a selector means, among those that are configured, recorded, or have versions. */
export async function stackWithVersions(ports: DeployPorts, project: Project, selector: string): Promise<StackId> {
  const recorded = (await ports.records.list()).map(({ stack }) => stack);
  const configured = stacksOf(project).map(({ id }) => id);
  return theOne([...configured, ...recorded, ...(await ports.versions.stacks())], selector, 'state');
}

/** Addresses of a version beside those of the state that is there. No value of any resource. */
export interface StateComparison {
  /** In the version alone: known again once it is restored. */
  readonly added: readonly string[];
  /** In the present state alone: no longer known once it is restored. */
  readonly lost: readonly string[];
  readonly both: readonly string[];
}

export interface RestorePlan {
  readonly stack: SynthesizedStack;
  readonly id: StackId;
  readonly version: string;
  readonly snapshot: Snapshot;
  readonly comparison: StateComparison;
}

/** Reads a version and compares it with what is there. @throws TandemError `no-such-version` */
export async function planRestore(
  ports: DeployPorts,
  project: Project,
  id: StackId,
  version: string,
): Promise<RestorePlan> {
  const snapshot = await ports.versions.read(id, version);
  if (snapshot === undefined)
    throw noSuchVersion(
      id,
      version,
      (await ports.versions.list(id)).map((each) => each.id),
    );
  const stack = await stackOf(ports, project, id, snapshot);
  const now = new Set(addressesOf(await snapshotOf(ports, stack)));
  const then = addressesOf(snapshot);
  const comparison = {
    added: then.filter((each) => !now.has(each)),
    lost: [...now].filter((each) => !then.includes(each)),
    both: then.filter((each) => now.has(each)),
  };
  return { stack, id, version, snapshot, comparison };
}

/**
 * Puts state and record of a version back: locked, journaled, with what was there kept as a version. The state's serial grows, so that
 * no older plan or copy passes for newer.
 * @throws TandemError `no-such-version`, `state-locked`, `declined`
 */
export async function restoreVersion(
  ports: DeployPorts,
  project: Project,
  id: StackId,
  version: string,
  options: Omit<OperationOptions, 'verb'> & { readonly confirm: (plan: RestorePlan) => Promise<boolean> },
): Promise<RestorePlan> {
  const own = { ...options, ...resumedByCommand('state restore', `${id} ${version}`) };
  return await runOperation(ports, [id], own, async (operation) => {
    const plan = await planRestore(ports, project, id, version);
    if (!(await options.confirm(plan))) throw operation.declined();
    const { stack, snapshot } = plan;
    await operation.step(
      `restore ${version}`,
      async () => {
        await keepVersion(ports, stack, { operation: operation.id, moment: 'before restore' });
        const present = stateFacts((await snapshotOf(ports, stack)).state);
        if (snapshot.state !== null)
          await ports.engines[stack.engine]?.writeState?.(stack, raised(snapshot.state, present?.serial ?? 0));
        if (snapshot.record !== null) await ports.records.write(snapshot.record);
        await keepVersion(ports, stack, { operation: operation.id, moment: 'after restore' });
      },
      { detail: { version } },
    );
    return plan;
  });
}

/**
 * Lets what was left behind in another place be forgotten, once it is destroyed there or somebody else's: locked and journaled. Its version
 * stays until it is old.
 * @throws TandemError `no-such-version`, `not-left-behind`, `state-locked`, `declined`
 */
export async function forgetLeft(
  ports: DeployPorts,
  project: Project,
  selector: string,
  version: string,
  options: Omit<OperationOptions, 'verb'> & { readonly confirm: (left: VersionInfo) => Promise<boolean> },
): Promise<VersionInfo> {
  const id = await stackWithVersions(ports, project, selector);
  const known = await ports.versions.list(id);
  const found = known.find((each) => each.id === version);
  if (found === undefined)
    throw noSuchVersion(
      id,
      version,
      known.map((each) => each.id),
    );
  if (!(await ports.versions.left()).some((each) => each.stack === id && each.id === version))
    throw notLeftBehind(id, version);
  const own = { ...options, ...resumedByCommand('state forget', `${id} ${version}`) };
  return await runOperation(ports, [id], own, async (operation) => {
    if (!(await options.confirm(found))) throw operation.declined();
    await operation.step(`forget ${version}`, () => ports.versions.settle(id, version), {
      detail: { version, moment: found.moment },
    });
    return found;
  });
}

/** The stack as a version, its record or the configuration has it: a lost record must not stand in the way of its restore. */
async function stackOf(
  ports: DeployPorts,
  project: Project,
  id: StackId,
  { record }: Pick<Snapshot, 'record'>,
): Promise<SynthesizedStack> {
  if (record !== null) return fromRecord(record);
  const [target] = await targetsFor(ports, project, [id], { destroy: true });
  if (target === undefined) throw new Error(`no target of ${id}`);
  return target.stack;
}

/** A state whose serial is above its own and another one. */
function raised(text: string, other: number): string {
  const state = JSON.parse(text) as { readonly serial?: number };
  return JSON.stringify({ ...state, serial: Math.max(state.serial ?? 0, other) + 1 }, null, 2);
}

function addressesOf({ state }: Pick<Snapshot, 'state'>): readonly string[] {
  return stateFacts(state)?.addresses ?? [];
}

/** What is kept of a stack now, as a version would say it; undefined where it has no state. */
export async function presentOf(
  ports: DeployPorts,
  project: Project,
  id: StackId,
): Promise<Pick<VersionInfo, 'lineage' | 'serial' | 'resources'> | undefined> {
  const newest = await ports.versions.newest(id);
  const snapshot = newest === undefined ? undefined : await ports.versions.read(id, newest.id);
  const record = (await ports.records.read(id)) ?? snapshot?.record ?? null;
  const facts = stateFacts((await snapshotOf(ports, await stackOf(ports, project, id, { record }))).state);
  return facts && { lineage: facts.lineage, serial: facts.serial, resources: facts.addresses.length };
}
