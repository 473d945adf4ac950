import { type Adopted, adoptStack } from '../../deploy/lineage/adopt.ts';
import { toldOf } from '../../deploy/lineage/lineage.ts';
import { configuredStack } from '../../deploy/targets.ts';
import type { Mark } from '../../engines/lineage.ts';
import type { StackId } from '../../stack/id.ts';
import { withClouds } from '../clouds.ts';
import { requireProject } from '../configuration.ts';
import type { ActionContext, Io } from '../context.ts';
import { adoptUnconfirmed, otherLineage } from './errors.ts';

export interface AdoptActionOptions {
  /** Id or short name. */
  readonly stack: string;
  /** The mark that is taken over, named beforehand: its lineage, or `unmarked`. @default - the stack's name is asked for */
  readonly lineage?: string | undefined;
  /** Takes over even what the next plan would replace or delete. @default false */
  readonly allowReplace?: boolean;
  /** Seconds to wait for a stack that somebody else works on. @default 0 */
  readonly lockTimeoutSeconds?: number;
}

/** What stands for the mark of a stack that has none. */
const UNMARKED = 'unmarked';

/**
 * Takes a stack over from another state, after its name was typed or its very mark was named. No flag answers it.
 * @throws TandemError `adopt-unconfirmed`, `other-lineage`, and those of `adoptStack`
 */
export async function adopt(
  context: ActionContext,
  { stack: selector, lineage, allowReplace = false, lockTimeoutSeconds = 0 }: AdoptActionOptions,
): Promise<Adopted> {
  const project = requireProject(context);
  const { io, signal } = context;
  return await withClouds(context, project, async (ports) => {
    const stack = await configuredStack(ports, project, selector);
    return await adoptStack(ports, stack, {
      ...{ signal, allowReplace, lockTimeoutSeconds, emit: (event) => io.emit(event) },
      confirm: (mark) => confirmAdoption(io, stack.id, mark, lineage),
    });
  });
}

/** Whether this mark is taken over: it was named, or somebody types the stack's name. Nothing else is an answer. */
export async function confirmAdoption(
  io: Pick<Io, 'emit' | 'text'>,
  stack: StackId,
  mark: Mark,
  lineage: string | undefined,
): Promise<boolean> {
  const found = mark.lineage ?? UNMARKED;
  if (lineage !== undefined) {
    if (lineage !== found) throw otherLineage(stack, lineage, found);
    return true;
  }
  io.emit({ kind: 'message', level: 'warn', text: describe(stack, mark) });
  const typed = await io.text(`Type ${stack} to take it over`);
  if (typed === undefined) throw adoptUnconfirmed(stack, found);
  return typed.trim() === stack;
}

function describe(stack: string, mark: Mark): string {
  const { lineage, by, at, place } = toldOf(mark);
  const whose =
    lineage === null
      ? `${mark.where} says nothing of who deployed ${stack}.`
      : `${stack} belongs to another state: ${by} deployed it on ${at}, with the state in ${place} (lineage ${lineage}).`;
  return [
    `CAUTION: ${whose}`,
    'Taken over, that state is refused from then on, and this one has no record of the stack: the next plan imports what it finds by name',
    'and tag, and what it does not find it would make a second time. Read that plan before you confirm it.',
  ].join('\n');
}
