import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { asError } from '../errors/tandem-error.ts';
import { jsonIn } from '../text/json.ts';
import { forgeInsecure, forgeRateLimited, forgeRefused, forgeUnreachable } from './errors.ts';

export interface ForgeHttpOptions {
  /** Without a slash at its end. */
  readonly api: string;
  /** Authentication among them; never shown. */
  readonly headers: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  /** Told of waits. */
  readonly onWait?: (reason: string, seconds: number) => void;
  /** @default - a timer */
  readonly wait?: (seconds: number) => Promise<void>;
  /** Longest sum of waits for rate limits, in seconds. @default 300 */
  readonly patience?: number;
}

type Method = 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

const ATTEMPTS = 5;
const TIMEOUT_SECONDS = 30;
/** What both forges ask for where they do not say how long. */
const UNSAID_SECONDS = 60;

/** Requests to one forge, with its rate limits and faults that pass. */
export class ForgeHttp {
  readonly #options: ForgeHttpOptions;
  #waited = 0;

  /** @throws TandemError `forge-insecure` */
  constructor(options: ForgeHttpOptions) {
    const { protocol, hostname } = new URL(options.api);
    if (protocol !== 'https:' && !['localhost', '127.0.0.1', '[::1]'].includes(hostname))
      throw forgeInsecure(options.api);
    this.#options = options;
  }

  /** @throws TandemError `forge-unreachable`, `forge-refused`, `forge-rate-limited` */
  async send(method: Method, path: string, body?: unknown): Promise<Answer> {
    const url = path.startsWith('http') ? path : `${this.#options.api}${path}`;
    const what = `${method} ${url.replace(/\?.*$/, '')}`;
    for (let attempt = 1; ; attempt += 1) {
      const answer = await this.#once(method, url, body).catch(causeOf);
      this.#options.signal.throwIfAborted();
      if (!(answer instanceof Error)) {
        const limited = rateLimit(answer);
        if (limited !== undefined) {
          await this.#pause(
            what,
            'the rate limit',
            limited * (attempt > 1 && !saysHowLong(answer) ? 2 ** (attempt - 1) : 1),
          );
          continue;
        }
        if (answer.status < 300) return answer;
        if (!mayRepeat(method, answer.status) || attempt >= ATTEMPTS) {
          if (answer.status >= 500) throw forgeUnreachable(what, `status ${answer.status}`);
          throw forgeRefused(what, answer.status, messageIn(answer.body));
        }
      } else if (method === 'POST' || attempt >= ATTEMPTS) throw forgeUnreachable(what, answer.message, answer);
      await this.#pause(what, 'a fault that may pass', 2 ** (attempt - 1) / 2);
    }
  }

  /** Items of all pages, by the header `Link`, which both forges send. Pages elsewhere are not followed. */
  async *pages<T>(path: string, item: z.ZodType<T>): AsyncIterable<T> {
    const { origin } = new URL(this.#options.api);
    for (let next: string | undefined = path; next !== undefined; ) {
      const answer = await this.send('GET', next);
      yield* parsed(z.array(item), answer.body, `GET ${path}`);
      const link = nextOf(answer.headers.get('link') ?? '');
      next = link !== undefined && new URL(link).origin === origin ? link : undefined;
    }
  }

  async #once(method: Method, url: string, body: unknown): Promise<Answer> {
    const { headers, signal } = this.#options;
    const response = await fetch(url, {
      method,
      headers: { accept: 'application/json', 'user-agent': 'tandem', 'content-type': 'application/json', ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      // A token is for the forge alone, and a moved POST would become a GET.
      redirect: 'manual',
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_SECONDS * 1000)]),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: jsonIn(text) };
  }

  async #pause(what: string, reason: string, seconds: number): Promise<void> {
    const { patience = 300, onWait, signal, wait } = this.#options;
    if (this.#waited + seconds > patience) throw forgeRateLimited(what, seconds);
    this.#waited += seconds;
    onWait?.(reason, seconds);
    await (wait?.(seconds) ?? sleep(seconds * 1000, undefined, { signal }));
  }
}

/** @throws TandemError `forge-refused` where the answer is none of this API */
export function parsed<T>(schema: z.ZodType<T>, body: unknown, what: string): T {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  throw forgeRefused(what, 200, 'the answer is not what this API gives; is --api right?');
}

/** Seconds to wait, where the answer is a limiter's: GitHub says so with 403 as well as 429. */
function rateLimit({ status, headers, body }: Answer): number | undefined {
  const after = Number(headers.get('retry-after') ?? Number.NaN);
  const isSpent = headers.get('x-ratelimit-remaining') === '0';
  const isSecondary = /secondary rate limit/i.test(messageIn(body));
  if (status !== 429 && !(status === 403 && (Number.isFinite(after) || isSpent || isSecondary))) return undefined;
  if (Number.isFinite(after)) return Math.max(1, after);
  const reset = Number(headers.get('x-ratelimit-reset') ?? headers.get('ratelimit-reset') ?? Number.NaN);
  // By the forge's clock, not by this machine's.
  const now = Date.parse(headers.get('date') ?? '') || Date.now();
  return isSpent && Number.isFinite(reset) ? Math.max(1, reset - now / 1000) : UNSAID_SECONDS;
}

function saysHowLong({ headers }: Answer): boolean {
  return headers.has('retry-after') || headers.get('x-ratelimit-remaining') === '0';
}

function mayRepeat(method: Method, status: number): boolean {
  return method !== 'POST' && [500, 502, 503, 504].includes(status);
}

function nextOf(link: string): string | undefined {
  return /<([^<>]+)>\s*;[^,]*rel="next"/.exec(link)?.[1];
}

/** What the forge says of a refusal, in one line. */
function messageIn(body: unknown): string {
  if (typeof body !== 'object' || body === null) return '';
  const { message, error } = body as { message?: unknown; error?: unknown };
  const said = message ?? error ?? '';
  const details = 'errors' in body ? ` ${JSON.stringify(body.errors)}` : '';
  return `${typeof said === 'string' ? said : JSON.stringify(said)}${details}`.slice(0, 500);
}

function causeOf(error: unknown): Error {
  return asError(error instanceof Error && error.cause instanceof Error ? error.cause : error);
}
