export interface Job {
  readonly id: string;
  /** As it stood in the queue. */
  readonly text: string;
}

/** An id is part of an object's key and of a log line, and nothing else may be. */
const ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;

/** A job is a JSON object; its `id`, or else the message's, names its result. Undefined if it can't be one. */
export function parseJob(body: string, messageId: string): Job | undefined {
  const content = parse(body);
  if (typeof content !== 'object' || content === null || Array.isArray(content)) return undefined;
  const id = 'id' in content ? content.id : messageId;
  return typeof id === 'string' && ID.test(id) ? { id, text: body } : undefined;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
