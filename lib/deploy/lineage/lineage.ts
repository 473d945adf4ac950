import { type Mark, type OwnMark, ownMark } from '../../engines/lineage.ts';
import type { StackId } from '../../stack/id.ts';
import type { SynthesizedStack } from '../../stack/synthesized.ts';
import type { StackRecord } from '../../state/record.ts';
import { engineOf } from '../engine-of.ts';
import type { DeployPorts, Target } from '../ports.ts';
import { Progress } from '../progress.ts';
import { foreignStack } from './errors.ts';

type LineagePorts = Pick<DeployPorts, 'engines' | 'lineage' | 'records' | 'actor'>;

/** How a stack in its cloud and this place of states stand to each other. */
export interface Standing {
  /**
   * `marked`: ours, and the cloud says so; `unmarked`: ours, or nobody's, and the cloud is yet to say so; `foreign`: another's, or
   * nobody knows whose.
   */
  readonly kind: 'marked' | 'unmarked' | 'foreign';
  readonly mark: Mark | undefined;
  /** Ours without a record: an interrupted first apply, or a lost record. What is there is looked for before anything is made. */
  readonly isUnrecorded: boolean;
}

/**
 * Pure.
 * @param isKnown whether this place of states has a record of the stack, or its journal an apply that was begun
 */
export function standingOf(own: string | undefined, mark: Mark | undefined, isKnown: boolean): Standing['kind'] {
  if (mark === undefined) return 'unmarked';
  if (mark.lineage === undefined) return isKnown ? 'unmarked' : 'foreign';
  if (mark.lineage !== own) return 'foreign';
  return mark.isProvisional ? 'unmarked' : 'marked';
}

/** Asks the cloud; nothing is changed. @param begun stacks that an interrupted operation of ours may have left half made */
export async function askLineage(
  ports: LineagePorts,
  stack: SynthesizedStack,
  begun: ReadonlySet<StackId>,
  signal: AbortSignal,
): Promise<Standing & { readonly record: StackRecord | undefined }> {
  const [own, record, mark] = await Promise.all([
    ports.lineage.read(),
    ports.records.read(stack.id),
    engineOf(ports, stack).lineageOf?.(stack, signal),
  ]);
  const kind = standingOf(own?.id, mark, record !== undefined || begun.has(stack.id));
  return { kind, mark, record, isUnrecorded: record === undefined && mark !== undefined && kind !== 'foreign' };
}

/**
 * Absence of a record is no absence in the cloud: asked before a plan is offered.
 * @throws TandemError `foreign-stack`
 */
export async function requireOurs(
  ports: LineagePorts,
  stack: SynthesizedStack,
  begun: ReadonlySet<StackId>,
  signal: AbortSignal,
): Promise<Standing> {
  const { record, ...standing } = await askLineage(ports, stack, begun, signal);
  const { kind, mark } = standing;
  if (kind === 'foreign' && mark !== undefined) throw foreignStack(stack.id, mark, record);
  return standing;
}

/** Marks a stack as ours before its first effect. @throws TandemError `foreign-stack` where somebody was quicker */
export async function claim(
  ports: LineagePorts,
  { stack }: Pick<Target, 'stack'>,
  { kind }: Pick<Standing, 'kind'>,
  signal: AbortSignal,
): Promise<void> {
  if (kind === 'marked') return;
  const own = await ownMark(ports.lineage, ports.actor.by);
  const mark = await engineOf(ports, stack).mark?.(stack, own, { signal });
  if (mark?.lineage !== undefined && mark.lineage !== own.lineage)
    throw foreignStack(stack.id, mark, await ports.records.read(stack.id));
}

/** Stacks that any interrupted operation of ours may have left half made. */
export async function stacksBegun({ journal }: Pick<DeployPorts, 'journal'>): Promise<ReadonlySet<StackId>> {
  return new Set((await journal.open()).flatMap((operation) => new Progress(operation).unfinishedStacks));
}

/** What others are told of a mark: `lineage` is null where nobody knows whose the stack is. */
export function toldOf({ lineage, by, at, place }: OwnMark | Mark) {
  return { lineage: lineage ?? null, by, at, place };
}

/** Whose stacks these are, asked of every cloud before any plan. @throws TandemError `foreign-stack` */
export async function standingsOf(
  ports: DeployPorts,
  targets: readonly Target[],
  begun: ReadonlySet<StackId>,
  signal: AbortSignal,
): Promise<Map<StackId, Standing>> {
  const asked = targets.map(async ({ stack }) => [stack.id, await requireOurs(ports, stack, begun, signal)] as const);
  return new Map(await Promise.all(asked));
}
