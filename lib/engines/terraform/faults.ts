import type { Fault } from '../errors.ts';
import type { Diagnostic } from './ui-stream.ts';

/** How gophercloud words the answers that have words of their own; all others tell the number. */
const WORDS: readonly (readonly [RegExp, number])[] = [
  [/Bad request with: \[/i, 400],
  [/Authentication failed|Unable to (?:re-?)?authenticate|The request you have made requires authentication/i, 401],
  [/Request forbidden: \[/i, 403],
  [/Resource not found/i, 404],
  [/Method not allowed/i, 405],
  [/The server timed out waiting for the request/i, 408],
  [/Too many requests have been sent/i, 429],
  [/Internal Server Error/i, 500],
  [/Bad Gateway/i, 502],
  [/temporary overloading or maintenance|Service Unavailable/i, 503],
  [/Gateway Timeout/i, 504],
];

/** What an error says about the cloud's answer. Pure. */
export function toFault({ summary, detail, address }: Diagnostic): Fault {
  const text = `${summary}\n${detail}`;
  const numbered = /but got (\d{3}) instead/.exec(text)?.[1];
  const worded = WORDS.find(([pattern]) => pattern.test(text))?.[1];
  const request = /\[?\b(GET|POST|PUT|PATCH|DELETE|HEAD)\]? "?(https?:\/\/[^\s\]"?]+)/i.exec(text);
  return {
    address,
    summary: shorten(`${summary}${detail === '' ? '' : `: ${detail}`}`),
    status: numbered === undefined ? (worded ?? 0) : Number(numbered),
    requestId: /\breq-[0-9a-f]{8}-[0-9a-f-]{27}\b/.exec(text)?.[0] ?? '',
    request: request === null ? '' : `${(request[1] ?? '').toUpperCase()} ${request[2] ?? ''}`,
  };
}

const LONGEST = 600;

/** One line; services answer with pages now and then. */
function shorten(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > LONGEST ? `${line.slice(0, LONGEST - 3)}...` : line;
}
