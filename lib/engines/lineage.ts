import { z } from 'zod';
import type { LineageStore } from '../state/lineage.ts';

/** What a lineage writes into a cloud beside a stack. Nothing here is a secret: whoever administers the cloud can read it. */
export const ownMarkSchema = z.object({
  /** Id of the lineage. */
  lineage: z.string(),
  /** Who marked it, as `user@host`. */
  by: z.string().catch(''),
  /** ISO 8601, UTC. */
  at: z.string().catch(''),
  /** Where that lineage keeps its states, for people. */
  place: z.string().catch(''),
});

export type OwnMark = z.output<typeof ownMarkSchema>;

/** Whose state a stack belongs to, as its cloud says. */
export interface Mark extends Omit<OwnMark, 'lineage'> {
  /** Undefined where things of the stack are there, and nothing says whose state knows them. */
  readonly lineage: string | undefined;
  /** Where it was found: `project dev-alice of cloud lab`. */
  readonly where: string;
  /** It stands for a stack that is only being made; the stack itself carries no mark yet. */
  readonly isProvisional: boolean;
}

export interface MarkOptions {
  readonly signal: AbortSignal;
  /** The mark of another lineage that is taken over knowingly. @default - none: only what has no mark is marked */
  readonly instead?: Mark;
}

/** What this place of states marks stacks with. Makes its lineage where it has none yet. */
export async function ownMark(store: LineageStore, by: string): Promise<OwnMark> {
  const { id } = await store.own(by);
  return { lineage: id, by, at: new Date().toISOString(), place: store.place };
}

export function foundMark(own: OwnMark, where: string, isProvisional = false): Mark {
  return { ...own, where, isProvisional };
}

/** Something of a stack is there and carries no mark. */
export function unmarked(where: string): Mark {
  return { lineage: undefined, by: '', at: '', place: '', where, isProvisional: false };
}

/** Whether a mark gives way to another: it is of the same lineage, or the one that is taken over. Pure. */
export function givesWay(found: Mark, own: OwnMark, instead: Mark | undefined): boolean {
  return found.lineage === own.lineage || (instead !== undefined && found.lineage === instead.lineage);
}
