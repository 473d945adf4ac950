import type { Project } from '../config/project.ts';
import { judgeRemoval } from '../plan/removal.ts';
import { compareIds, type StackId } from '../stack/id.ts';
import { matcherOf, selectIds } from '../stack/select.ts';
import type { SynthesizedStack } from '../stack/synthesized.ts';
import type { UnfinishedOperation } from '../state/journal.ts';
import { isDeadHere } from '../state/lock.ts';
import { stacksOf } from '../synthesis/catalogue.ts';
import { notDeployable, notDestroyable, nothingToResume, resumeElsewhere, severalToResume } from './errors.ts';
import type { DeployPorts, Target } from './ports.ts';
import { targetsFor, targetsOf } from './targets.ts';

export interface Choice {
  readonly targets: readonly Target[];
  /** Stacks that are skipped, and why. */
  readonly left: readonly { readonly id: StackId; readonly reason: string }[];
}

/**
 * What `deploy` is about: configured stacks that selectors name, and recorded ones that were removed from the configuration on
 * purpose, to be destroyed. Without selectors all, except those that no engine here deploys.
 * @throws TandemError `no-such-stack`, `no-engine`
 */
export async function chooseDeploy(
  ports: DeployPorts,
  project: Project,
  selectors: readonly string[],
): Promise<Choice> {
  const left: { id: StackId; reason: string }[] = [];
  const kept: StackId[] = [];
  const removed: StackId[] = [];
  for (const { id, engine, gone } of await chosenStacks(ports, project, selectors)) {
    const unsupported = gone === undefined && unsupportedHere(ports, { id, engine }, selectors);
    const removal = gone === undefined ? undefined : await judgeRemoval(ports.git, gone);
    if (unsupported) left.push({ id, reason: `deploying ${engine} stacks is not supported` });
    else if (removal === undefined) kept.push(id);
    else if ('unknown' in removal) left.push({ id, reason: removal.unknown });
    else removed.push(id);
  }
  const targets = await targetsOf(ports, project, { removed, kept });
  return { targets: targets.sort((a, b) => compareIds(a.stack.id, b.stack.id)), left };
}

/**
 * What `destroy` is about: stacks that are named, whether configured or only recorded. A recorded one that this checkout lacks is
 * destroyed only where history shows that it was removed on purpose.
 * @throws TandemError `no-such-stack`, `not-destroyable`
 */
export async function chooseDestroy(
  ports: DeployPorts,
  project: Project,
  selectors: readonly string[],
): Promise<Choice> {
  const wanted: StackId[] = [];
  const left: { id: StackId; reason: string }[] = [];
  for (const { id, engine, gone } of await chosenStacks(ports, project, selectors)) {
    if (unsupportedHere(ports, { id, engine }, selectors)) {
      left.push({ id, reason: `destroying ${engine} stacks is not supported` });
      continue;
    }
    const removal = gone === undefined || gone.commit === '' ? undefined : await judgeRemoval(ports.git, gone);
    if (removal !== undefined && 'unknown' in removal) throw notDestroyable(id, removal.unknown);
    wanted.push(id);
  }
  return { targets: await targetsFor(ports, project, wanted, { destroy: true }), left };
}

/** Configured stacks, then recorded ones that are configured no longer, of which selectors choose. @throws TandemError `no-such-stack` */
async function chosenStacks({ records }: Pick<DeployPorts, 'records'>, project: Project, selectors: readonly string[]) {
  const definitions = stacksOf(project);
  const configured = new Set(definitions.map(({ id }) => id));
  const gone = (await records.list()).filter(({ stack }) => !configured.has(stack));
  const known = [
    ...definitions.map(({ id, engine }) => ({ id, engine, gone: undefined })),
    ...gone.map((record) => ({ id: record.stack, engine: record.engine, gone: record })),
  ];
  const chosen = selectIds(
    known.map(({ id }) => id),
    selectors,
  );
  return known.filter(({ id }) => chosen.has(id));
}

/** Whether no engine here works on a stack. @throws TandemError `no-engine` where it is named by its id */
function unsupportedHere(
  { engines }: Pick<DeployPorts, 'engines'>,
  { id, engine }: Pick<SynthesizedStack, 'id' | 'engine'>,
  selectors: readonly string[],
): boolean {
  if (engines[engine] !== undefined) return false;
  if (selectors.includes(id)) throw notDeployable(id, engine);
  return true;
}

/**
 * The operation that `--resume` goes on with: one that is in the journal without an end and whose stacks nobody holds.
 * @throws TandemError `nothing-to-resume`, `several-to-resume`, `resume-elsewhere`
 */
export async function chooseResume(
  ports: DeployPorts,
  project: Project,
  selectors: readonly string[],
): Promise<{ readonly operation: UnfinishedOperation; readonly targets: readonly Target[] }> {
  const interrupted: UnfinishedOperation[] = [];
  const held = await ports.locks.list();
  for (const operation of await ports.journal.open()) {
    if (held.some((holder) => holder.operation === operation.id && !isDeadHere(holder, ports.actor.host))) continue;
    if (
      selectors.length === 0 ||
      selectors.some((each) => operation.id === each || operation.stacks.some(matcherOf(each)))
    )
      interrupted.push(operation);
  }
  const own = interrupted.filter((each) => each.resume === 'deploy');
  // The newest first: it finishes those before it that were about no other stacks.
  const [operation, ...before] = (own.length > 0 ? own : interrupted).toReversed();
  if (operation === undefined) throw nothingToResume();
  if (own.length === 0) throw resumeElsewhere(operation.id, operation.verb, operation.resume);
  const others = before.filter((each) => !each.stacks.every((stack) => operation.stacks.includes(stack)));
  if (others.length > 0) throw severalToResume(own.map(({ id, verb, stacks }) => ({ id, verb, stacks })));
  const removals = String(operation.arguments['removals'] ?? '').split(' ');
  const ids = operation.stacks;
  // A stack that was removed before the interruption is gone from the records: nothing is left to do.
  const removed = ids.filter((id) => removals.includes(id) && !operation.done.includes(`destroy ${id}`));
  const kept = ids.filter((id) => !removals.includes(id));
  return { operation, targets: await targetsOf(ports, project, { removed, kept }) };
}

/** What a resume needs to know of an operation besides its stacks. */
export function argumentsOf(targets: readonly Target[]): Readonly<Record<string, string>> {
  return { removals: targets.flatMap(({ stack, destroy }) => (destroy ? [stack.id] : [])).join(' ') };
}
