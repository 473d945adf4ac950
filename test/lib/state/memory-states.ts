import type { StackId } from '../../../lib/stack/id.ts';
import type { States } from '../../../lib/state/states.ts';

/** States in memory. */
export function memoryStates(): Pick<States, 'read' | 'write'> {
  const texts = new Map<StackId, string>();
  return {
    read: (stack) => Promise.resolve(texts.get(stack)),
    write(stack, text) {
      texts.set(stack, text);
      return Promise.resolve();
    },
  };
}
