/** What one SendMessageBatch takes: entries, and bytes of all of them together (API_SendMessageBatch.html: 1 MiB, as one message does). */
export const MOST_ENTRIES = 10;
export const MOST_MESSAGE_BYTES = 1_048_576;

/** Splits messages into batches, in their order. */
export function batchesOf<T>(messages: readonly T[], bytesOf: (message: T) => number): T[][] {
  const batches: T[][] = [];
  let current: T[] = [];
  let bytes = 0;
  for (const message of messages) {
    const size = bytesOf(message);
    if (current.length === MOST_ENTRIES || (current.length > 0 && bytes + size > MOST_MESSAGE_BYTES)) {
      batches.push(current);
      [current, bytes] = [[], 0];
    }
    current.push(message);
    bytes += size;
  }
  return current.length === 0 ? batches : [...batches, current];
}
