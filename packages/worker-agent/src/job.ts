export interface Job {
  readonly id: string;
  /** As it stood in the queue. */
  readonly text: string;
  /** Where its body is, if it was too large for the queue: in the cluster's bucket. */
  readonly body: { readonly key: string; readonly sha256: string } | undefined;
}

/** An id is part of an object's key and of a log line, and nothing else may be. */
const ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;
/** Bodies are below one prefix: a job can't make the agent read anything else. */
const BODY_KEY = /^jobs\/[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;

/** A job is a JSON object; its `id`, or else the message's, names its result. Undefined if it can't be one. */
export function parseJob(text: string, messageId: string): Job | undefined {
  const content = parse(text);
  if (!isObject(content)) return undefined;
  const id = 'id' in content ? content['id'] : messageId;
  if (typeof id !== 'string' || !ID.test(id)) return undefined;
  if (!('$body' in content)) return { id, text, body: undefined };
  const body = content['$body'];
  if (!isObject(body)) return undefined;
  const { key, sha256 } = body;
  const isBody = typeof key === 'string' && BODY_KEY.test(key) && typeof sha256 === 'string';
  return isBody ? { id, text, body: { key, sha256 } } : undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
