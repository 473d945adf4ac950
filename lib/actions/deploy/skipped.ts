import { type ActionContext, inform } from '../context.ts';

/** Tells of stacks that were meant and are not worked on. */
export function tellSkipped(
  context: Pick<ActionContext, 'io'>,
  skipped: readonly { readonly id: string; readonly reason: string }[],
): void {
  for (const { id, reason } of skipped) inform(context, `skipped ${id}: ${reason}`, 'stack-skipped');
}
