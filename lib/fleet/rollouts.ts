import type { StackId } from '../stack/id.ts';
import { isFinished, type Journal, type ToldOperation } from '../state/journal.ts';
import { backNotDeployed, noHealthyVersion, versionBroken, versionUnproven } from './errors.ts';
import { isFleetOperation } from './suspensions.ts';
import { replay } from './track.ts';
import { type FleetView, inService, type Versions } from './view.ts';

/** What became of a rollout: `broken` where its machines failed by what they got. */
export interface Verdict {
  readonly operation: string;
  readonly versions: Versions;
  readonly verdict: 'healthy' | 'broken' | 'unknown';
  /** Why it is broken. */
  readonly why: string | undefined;
  /** It did not end: it was paused, or interrupted. */
  readonly isOpen: boolean;
}

export interface Rollouts {
  /** Newest first. */
  readonly verdicts: readonly Verdict[];
  /** The newest operation that is no fleet's and changed the stack: a deploy. @default - the journal has none */
  readonly deploy: string | undefined;
}

/** Operations of the journal that are looked at: those of some months. */
const MOST = 500;

/** What the journal tells of rollouts on a cluster. */
export async function rolloutsOf(journal: Pick<Journal, 'tell'>, stack: StackId): Promise<Rollouts> {
  const verdicts: Verdict[] = [];
  let deploy: string | undefined;
  let left = MOST;
  for await (const told of journal.tell()) {
    left -= 1;
    if (left < 0) break;
    const { verb, stacks, id } = told.operation;
    if (!stacks.includes(stack)) continue;
    if (!isFleetOperation(told.operation)) deploy ??= id;
    const verdict = verb === 'fleet rollout' ? verdictOf(told) : undefined;
    if (verdict !== undefined) verdicts.push(verdict);
  }
  return { verdicts, deploy };
}

function verdictOf({ operation, entries }: ToldOperation): Verdict | undefined {
  const { target: versions, condemned: why, machines } = replay(entries);
  if (versions === undefined) return undefined;
  const isOpen = !isFinished(operation);
  const all = [...machines.values()];
  // One in fifty may have been unlucky, as the gates have it.
  const failed = all.filter(({ end }) => end === 'failed').length;
  const isWhole = all.every(({ end }) => end !== undefined) && failed * 50 <= all.length;
  const verdict = why !== undefined ? 'broken' : isWhole && !isOpen ? 'healthy' : 'unknown';
  return { operation: operation.id, versions, verdict, why, isOpen };
}

/** The last word on what new machines get now. */
function verdictOn({ current }: Pick<FleetView, 'current'>, { verdicts }: Rollouts): Verdict | undefined {
  return verdicts.find(({ versions, verdict }) => isSame(versions, current) && verdict !== 'unknown');
}

/** One that was begun and has another target than what new machines get now: it can only be ended. */
export function outdated({ current }: Pick<FleetView, 'current'>, { verdicts }: Rollouts): Verdict | undefined {
  return verdicts.find(({ isOpen, versions }) => isOpen && !isSame(versions, current));
}

/** A version that failed is not rolled out again, unless that rollout is gone on with. @throws TandemError `fleet-version-broken` */
export function requireUnbroken(view: FleetView, rollouts: Rollouts, environment: string): void {
  const last = verdictOn(view, rollouts);
  if (last?.verdict === 'broken')
    throw versionBroken(environment, last.versions, {
      operation: last.operation,
      why: last.why ?? '',
      isOpen: last.isOpen,
    });
}

/**
 * Going back is to what was healthy: in a rollout that ended well, or on most of the machines that serve now.
 * @throws TandemError `fleet-back-not-deployed`, `fleet-no-healthy-version`, `fleet-version-unproven`
 */
export function requireHealthy(view: FleetView, rollouts: Rollouts, environment: string): void {
  const { current } = view;
  const last = verdictOn(view, rollouts);
  const healthy = healthyIn(view, rollouts);
  if (last?.verdict === 'broken')
    throw backNotDeployed(environment, current, { why: last.why ?? '', healthy, deploy: rollouts.deploy });
  if (healthy.length === 0) throw noHealthyVersion(environment);
  // A template that is deployed anew has a number of its own: what it gives counts.
  if (!healthy.some(({ image, program }) => image === current.image && program === current.program))
    throw versionUnproven(environment, current, healthy);
}

/** Most recent first. */
function healthyIn(view: FleetView, { verdicts }: Rollouts): readonly Versions[] {
  const broken = verdicts.filter(({ verdict }) => verdict === 'broken').map(({ versions }) => versions);
  const serving = view.machines.filter((machine) => inService(machine, view.at));
  const groups = Map.groupBy(
    serving,
    ({ templateVersion, imageId, program }) => `${templateVersion} ${imageId} ${program ?? ''}`,
  );
  const most = [...groups.values()].flatMap((machines): readonly Versions[] => {
    const [first] = machines;
    if (first === undefined || machines.length * 2 <= serving.length) return [];
    return [{ template: first.templateVersion, image: first.imageId, program: first.program }];
  });
  const proven = verdicts.filter(({ verdict }) => verdict === 'healthy').map(({ versions }) => versions);
  return [...most, ...proven].filter((each) => !broken.some((one) => isSame(one, each)));
}

function isSame(a: Versions, b: Versions): boolean {
  return a.template === b.template && a.image === b.image && a.program === b.program;
}
