import { buildCommand } from '@stricli/core';
import { declined } from '../../deploy/errors.ts';
import { notLocked } from '../../state/errors.ts';
import { type AskFlags, ask, askFlags } from '../asking.ts';
import { type CommonFlags, commonFlags } from '../common-flags.ts';
import { stackParameter } from '../complete-stacks.ts';
import type { TandemContext } from '../context.ts';

async function unlock(this: TandemContext, flags: CommonFlags & AskFlags, stack: string): Promise<void> {
  const { openDeploying } = await import('../deploying.ts');
  const { ageOf } = await import('../../state/lock.ts');
  const { lockNamed } = await import('../../deploy/unlock.ts');
  const { ports } = await openDeploying(this);
  const lock = await lockNamed(ports, stack);
  if (lock === undefined) throw notLocked(stack);
  const { owner, processId, verb } = lock;
  this.log(`${lock.stack} is locked by ${owner} (process ${processId}), who runs \`${verb}\` since ${ageOf(lock)}.\n`);
  if (!(await ask(this, flags, 'Break this lock? If that run still works, two will change the stack at once.')))
    throw declined();
  const broken = await ports.locks.break(lock.stack);
  if (flags.json) this.out(`${JSON.stringify({ format: 'tandem.unlock/1', broken: broken ?? null })}\n`);
  else this.out(broken === undefined ? `${lock.stack} was released meanwhile.\n` : `${lock.stack} is unlocked.\n`);
}

export const unlockCommand = buildCommand({
  func: unlock,
  parameters: {
    flags: { ...commonFlags, ...askFlags },
    aliases: { y: 'yes' },
    positional: {
      kind: 'tuple',
      parameters: [stackParameter],
    },
  },
  docs: {
    brief: 'Break the lock of a run that is surely over, by hand',
    fullDescription:
      'Names the holder and asks. The lock of a process that died on this host needs none of this.\n\nExamples:\n  tandem unlock openstack/paris/dev/alice',
  },
});
