import type { Fault } from '../errors.ts';
import { shortened } from '../errors.ts';
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
    ...remedyOf(text),
    address,
    summary: shortened(`${summary}${detail === '' ? '' : `: ${detail}`}`.replace(/\. last error: %!s\(<nil>\)/g, '')),
    status: numbered === undefined ? (worded ?? 0) : Number(numbered),
    requestId: /\breq-[0-9a-f]{8}-[0-9a-f-]{27}\b/.exec(text)?.[0] ?? '',
    request: request === null ? '' : `${(request[1] ?? '').toUpperCase()} ${request[2] ?? ''}`,
  };
}

const SPACE =
  'free space on the file systems of the project, of the temporary folder and of the plugin cache (`df -h` and `df -i` show them), then `tandem deploy --resume`: what is made is known';
const STILL_USED =
  'something still uses it: remove that, or wait until the cloud has, then `tandem deploy --resume`; nothing is made a second time';
const STILL_AT_IT =
  'see what the cloud says of it, and whether it still works on it; then `tandem deploy --resume`, which goes on with what is there';
const UNPLACED =
  '`openstack server show ID -c fault`, with the id of the server, tells why; then `tandem deploy --resume`, which makes it anew';
const CRASHED =
  'if it happens again, another version of the provider may help; what is made is known, or found by its name';

/** What is told by its words alone, with what helps: none, or one more attempt that looks for what was made without being noted. */
const TOLD: readonly (readonly [RegExp, Pick<Fault, 'remedy' | 'next'>])[] = [
  [/no space left on device|disk quota exceeded|\bENOSPC\b/i, { remedy: 'fail', next: SPACE }],
  [/read-only file system/i, { remedy: 'fail', next: 'mount it for writing, then `tandem deploy --resume`' }],
  [/plugin did not respond|plugin (?:process )?(?:exited|crashed)|panic: /i, { remedy: 'adopt', next: CRASHED }],
  // Servers of a group that may not share a host are placed at once, and Nova gives up on the one that lost too often ("Anti-affinity
  // instance group policy was violated", seen in the lab with two hosts in a zone): once the others stand, there is one place left.
  [/to become ready: unexpected state 'ERROR'/, { remedy: 'again', next: UNPLACED }],
  [
    /ended without a word/,
    { remedy: 'adopt', next: 'see why it ended (`dmesg` tells of memory), then `tandem deploy --resume`' },
  ],
];

/** Whoever waited for minutes will wait for minutes again. */
function remedyOf(text: string): Pick<Fault, 'remedy' | 'next'> {
  if (waitedMinutes(text)) return { remedy: 'fail', next: isDeletion(text) ? STILL_USED : STILL_AT_IT };
  if (/timeout while waiting for/.test(text)) return { remedy: 'again' };
  return TOLD.find(([pattern]) => pattern.test(text))?.[1] ?? {};
}

function waitedMinutes(text: string): boolean {
  return /timeout while waiting for[^]*timeout: (?:\d+h)?(?:\d+h|\d+m)/.test(text);
}

function isDeletion(text: string): boolean {
  return /\bdelet(?:e|ed|ing)\b/i.test(text);
}

/** Whether a deletion waited for minutes, perhaps because something uses the thing. Pure. */
export function waitedForDeletion({ summary, next }: Fault): boolean {
  return next === STILL_USED && waitedMinutes(summary);
}
