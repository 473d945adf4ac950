/** A task of the tests: squares, and tells which thread it was; a negative one is refused. */
import { threadId } from 'node:worker_threads';

export function prepare({ factor }: { readonly factor: number }) {
  return (task: number): { readonly value: number; readonly thread: number } => {
    if (task < 0) throw new RangeError(`got ${task}`);
    // The first is slower than all others together, so that the other thread does those.
    const until = performance.now() + (task === 1 ? 300 : 1);
    while (performance.now() < until);
    return { value: factor * task ** 2, thread: threadId };
  };
}
