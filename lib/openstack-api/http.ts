import type { z } from 'zod';
import { jsonIn } from '../text/json.ts';
import { cloudAnswerUnreadable, cloudRequestFailed, cloudUnreachable, type RequestFacts } from './errors.ts';
import { type AttemptOutcome, DEFAULT_RETRY, mayRetry, type RetryPolicy, retryDelay, wait } from './retry.ts';

/** What is read of an answer. */
type Answer = Pick<Response, 'status' | 'text'> & { readonly headers: AnswerHeaders };
type AnswerHeaders = Pick<Headers, 'get'>;

/** `fetch`, or a stand-in for it. */
export type Transport = (url: string, init: RequestInit) => Promise<Answer>;

export interface HttpOptions {
  /** Name of the cloud, for messages. */
  readonly cloud: string;
  /** @default - Node's fetch */
  readonly transport?: Transport;
  /** Longest wait for one answer in seconds. @default 60 */
  readonly timeoutSeconds?: number;
  readonly retry?: RetryPolicy;
  /** @default - no one is told */
  readonly onRetry?: (reason: string, attempt: number, delaySeconds: number) => void;
}

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'HEAD';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON, unless it is undefined. */
  readonly body?: unknown;
  readonly signal?: AbortSignal | undefined;
}

export interface HttpAnswer {
  /** What was asked. */
  readonly facts: RequestFacts;
  readonly status: number;
  readonly headers: AnswerHeaders;
  /** As it came. */
  readonly text: string;
  /** Parsed JSON; the text where it is none, undefined where it is empty. */
  readonly body: unknown;
}

/**
 * One request with its retries.
 * @throws TandemError `cloud-unreachable`, or by the status of an answer of 400 and above (`statusOf`)
 */
export async function send(request: HttpRequest, options: HttpOptions): Promise<HttpAnswer> {
  const policy = options.retry ?? DEFAULT_RETRY;
  for (let attempt = 1; ; attempt += 1) {
    const result = await attemptOnce(request, options);
    if ('answer' in result && result.answer.status < 400) return result.answer;
    if (attempt >= policy.attempts || !mayRetry(request.method, result.outcome)) throw result.error;
    const delay = retryDelay(attempt, result.outcome, policy);
    options.onRetry?.(result.error.message, attempt, delay / 1000);
    await wait(delay, request.signal);
  }
}

/**
 * An answer as the API's documentation has it. Says what is wrong without what it holds, which may be secret.
 * @throws TandemError `cloud-answer-unreadable`
 */
export function readAs<T extends z.ZodType>(schema: T, { facts, body }: HttpAnswer): z.output<T> {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  if (typeof body === 'string') throw cloudAnswerUnreadable(facts, 'it is not JSON');
  const [issue] = parsed.error.issues;
  throw cloudAnswerUnreadable(facts, [issue?.path.join('.'), issue?.message].filter(Boolean).join(': '));
}

type Attempt = { readonly outcome: AttemptOutcome; readonly error: Error; readonly answer?: HttpAnswer };

async function attemptOnce(
  request: HttpRequest,
  options: HttpOptions,
): Promise<Attempt | { answer: HttpAnswer; outcome: AttemptOutcome; error: Error }> {
  const transport = options.transport ?? fetch;
  const seconds = options.timeoutSeconds ?? 60;
  const late = AbortSignal.timeout(seconds * 1000);
  const signal = request.signal === undefined ? late : AbortSignal.any([late, request.signal]);
  const facts: RequestFacts = {
    cloud: options.cloud,
    method: request.method,
    url: request.url.replace(/\?.*$/, ''),
  };
  try {
    const response = await transport(request.url, {
      method: request.method,
      headers: {
        accept: 'application/json',
        ...(request.body === undefined ? {} : { 'content-type': 'application/json' }),
        ...request.headers,
      },
      ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
      signal,
      redirect: 'error',
    });
    const text = await response.text();
    const answer = { facts, status: response.status, headers: response.headers, text, body: parsed(text) };
    const outcome = { kind: 'answer', status: answer.status, retryAfter: answer.headers.get('retry-after') } as const;
    return { answer, outcome, error: cloudRequestFailed(withAnswer(facts, answer)) };
  } catch (error) {
    // The caller's own abort is no failure of the cloud.
    request.signal?.throwIfAborted();
    const kind = late.aborted ? 'late' : isRefused(error) ? 'refused' : 'broken';
    const why = kind === 'late' ? `no answer within ${seconds} s` : reasonOf(error);
    return { outcome: { kind }, error: cloudUnreachable(facts, why, error) };
  }
}

function withAnswer(facts: RequestFacts, answer: Omit<HttpAnswer, 'facts'>): RequestFacts {
  const requestId = answer.headers.get('x-openstack-request-id') ?? answer.headers.get('x-compute-request-id');
  return {
    ...facts,
    status: answer.status,
    ...(requestId === null ? {} : { requestId }),
    ...(answer.status < 400 ? {} : { answer: messageIn(answer.body) }),
  };
}

function parsed(text: string): unknown {
  if (text === '') return undefined;
  const found = jsonIn(text);
  return found === undefined ? text : found;
}

/** Services wrap their message in one to three layers, each under a name of its own. */
function messageIn(body: unknown, depth = 0): string {
  if (typeof body === 'string') return depth === 0 && body.includes('<') ? '' : body.slice(0, 500);
  if (typeof body !== 'object' || body === null || depth > 3) return '';
  const map = body as Record<string, unknown>;
  for (const key of ['message', 'detail', 'faultstring', 'description']) {
    if (typeof map[key] === 'string') return map[key].slice(0, 500);
  }
  for (const value of Object.values(map)) {
    const found = messageIn(Array.isArray(value) ? value[0] : value, depth + 1);
    if (found !== '') return found;
  }
  return '';
}

function isRefused(error: unknown): boolean {
  return ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'].includes(codeOf(error));
}

function codeOf(error: unknown): string {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
  return cause instanceof Error && 'code' in cause ? String(cause.code) : '';
}

function reasonOf(error: unknown): string {
  const code = codeOf(error);
  if (code !== '') return code;
  return error instanceof Error ? error.message : String(error);
}
