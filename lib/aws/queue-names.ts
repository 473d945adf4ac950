/** The queue that every cluster had before there were several; it keeps the names and the construct id that it had. */
export const FIRST_QUEUE = 'jobs';

/** Names in SQS of a queue of the configuration, and of its dead letters. */
export function queueNames(cluster: string, queue: string): { readonly jobs: string; readonly deadLetters: string } {
  const jobs = `${cluster}-${queue}`;
  return { jobs, deadLetters: queue === FIRST_QUEUE ? `${cluster}-dead-letters` : `${jobs}-dead-letters` };
}
