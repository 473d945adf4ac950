import { randomUUID } from 'node:crypto';
import type { StackId } from '../stack/id.ts';
import { stateInUse } from './errors.ts';
import type { Bucket } from './s3-bucket.ts';
import type { RawStates } from './states.ts';

/** Terraform writes `user@host` there. */
const OWN = 'tandem';

/** States as objects of Terraform's `s3` back end, whose lock is an object beside the state. */
export function bucketStates(bucket: Bucket): RawStates {
  const keyOf = (stack: StackId): string => `state/${stack}.tfstate`;
  const lockOf = (stack: StackId): string => `${keyOf(stack)}.tflock`;
  const holderOf = async (stack: StackId): Promise<string | undefined> => {
    const found = await bucket.get(lockOf(stack));
    return found === undefined ? undefined : describeHolder(found.text);
  };
  return {
    backend: 's3',
    read: async (stack) => (await bucket.get(keyOf(stack)))?.text,
    async replace(stack, before, after) {
      const own = JSON.stringify({ ID: randomUUID(), Operation: 'write', Who: OWN, Created: new Date().toISOString() });
      if (!(await bucket.put(lockOf(stack), own, { onlyNew: true }))) {
        const found = (await bucket.get(lockOf(stack)))?.text ?? own;
        // One of Tandem's own was left by a kill, since whoever gets here holds the stack's lock.
        if (!found.includes(`"Who":"${OWN}"`)) throw stateInUse(stack, describeHolder(found));
      }
      try {
        const there = await bucket.get(keyOf(stack));
        if (there?.text !== before) return there?.text === after;
        return await bucket.put(keyOf(stack), after, there === undefined ? { onlyNew: true } : { instead: there.etag });
      } finally {
        await bucket.remove(lockOf(stack));
      }
    },
    async breakLock(stack) {
      const holder = await holderOf(stack);
      if (holder !== undefined) await bucket.remove(lockOf(stack));
      return holder;
    },
  };
}

function describeHolder(text: string): string {
  try {
    const { Who, Operation, Created } = JSON.parse(text) as Record<string, unknown>;
    return `${String(Who)} (${String(Operation)}, since ${String(Created)})`;
  } catch {
    return 'a Terraform';
  }
}
