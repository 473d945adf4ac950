import { describeAhead } from '../../plan/ahead.ts';
import type { StackPlan } from '../../plan/model.ts';
import type { Io } from '../context.ts';
import { behindRecord } from './errors.ts';

const WORD = 'revert';

/**
 * Whether what somebody applied from elsewhere is reverted: somebody types the word. A yes is no answer.
 * @throws TandemError `behind-record` where nobody can be asked
 */
export async function confirmRevert(io: Pick<Io, 'emit' | 'text'>, stacks: readonly StackPlan[]): Promise<boolean> {
  for (const { id, ahead } of stacks)
    if (ahead !== undefined)
      io.emit({ kind: 'message', level: 'warn', text: `CAUTION: ${id} is ${describeAhead(ahead)}` });
  const typed = await io.text(`Type ${WORD} to deploy all the same`);
  if (typed === undefined) throw behindRecord(stacks);
  return typed.trim() === WORD;
}
