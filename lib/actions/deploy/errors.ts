import { TandemError } from '../../errors/tandem-error.ts';
import { describeAhead } from '../../plan/ahead.ts';
import type { StackPlan } from '../../plan/model.ts';

export function behindRecord(stacks: readonly Pick<StackPlan, 'id' | 'ahead'>[]): TandemError {
  const told = stacks.flatMap(({ id, ahead }) => (ahead === undefined ? [] : [`${id} is ${describeAhead(ahead)}`]));
  return new TandemError({
    code: 'behind-record',
    message: told.join('; '),
    next: 'get what was applied into this checkout (`git fetch`, then merge or rebase), and deploy again; to revert it knowingly, type the word that `tandem deploy STACK` asks for, or run `tandem deploy --revert-ahead STACK`',
    details: { stacks: stacks.map(({ id, ahead }) => ({ stack: id, ...ahead })) },
  });
}
