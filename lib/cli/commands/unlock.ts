import { stackArgument } from '../arguments.ts';
import { defineVerb } from '../define-verb.ts';
import { takes } from '../flags.ts';

export const unlockVerb = defineVerb({
  brief: 'Force-release a stale lock',
  description: [
    'Names the holder and asks. The lock of a process that died on this host is released by itself: the next run takes it. Use this for',
    'a lock whose holder ran on another host and certainly works no more.',
  ].join('\n'),
  examples: [{ command: 'tandem unlock openstack/paris/dev/alice' }],
  arguments: takes(stackArgument),
  asks: true,
  action: async (context, _flags, stack) => (await import('../../actions/unlock/unlock.ts')).unlock(context, { stack }),
  json: {
    format: 'tandem.unlock/1',
    schema: async () => (await import('../../actions/unlock/schema.ts')).unlockSchema,
  },
  render: ({ stack, broken, unreadable }) =>
    `${stack} ${broken === null && unreadable === null ? 'was released meanwhile' : 'is unlocked'}.\n`,
});
