import { holdsData } from '../../deploy/errors.ts';
import type { StackHoldings } from '../../deploy/ports.ts';
import { describeHoldings } from '../../engines/holdings.ts';
import type { Io } from '../context.ts';

const WORD = 'empty';

/**
 * Whether people's work is deleted with stacks: somebody types the word. A yes is no answer.
 * @throws TandemError `holds-data` where nobody can be asked
 */
export async function confirmEmpty(io: Pick<Io, 'emit' | 'text'>, stacks: readonly StackHoldings[]): Promise<boolean> {
  for (const { stack, holdings } of stacks)
    io.emit({ kind: 'message', level: 'warn', text: `CAUTION: in ${stack}, ${describeHoldings(holdings)}` });
  const typed = await io.text(`Type ${WORD} to delete all of it, for good`);
  if (typed === undefined) throw holdsData(stacks);
  return typed.trim() === WORD;
}
