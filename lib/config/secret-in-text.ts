import { commandSecret, wordsOf } from './secret-in-command.ts';
import { isSecretValue } from './secret-value.ts';

/** Words that the name of a secret ends in: `--db-password`, `AWS_SECRET_ACCESS_KEY`, `apiKey`; `pass` and `pw` as words of their own. */
const WORDS =
  'pass(?:word|wd|phrase)|(?:store|key)pass|(?<![a-z])(?:pass|pw)|pwd|secret|token|credentials?|(?:api|access|account|secret|private|auth|encryption|signing)[-_]?key|access[-_]?signature';
const SECRET_NAME = new RegExp(`(?:${WORDS})$`, 'i');
const SECRET_FLAG = new RegExp(`^--?[a-z0-9_.-]{0,64}(?:${WORDS})$`, 'i');
const VALUE = `["']?([^\\s"'(){}]{1,256})(?=$|[\\s"'&;,)}])`;
/** How a name and its value stand together. */
const ASSIGNMENTS = [
  // DB_PASSWORD=x, --password=x, ?token=x
  new RegExp(`(?:${WORDS})=${VALUE}`, 'gi'),
  // ?sig=x, &X-Amz-Signature=x
  new RegExp(`[?&](?:x-[a-z]{2,8}-)?sig(?:nature)?=${VALUE}`, 'gi'),
  // --password x
  new RegExp(`(?:^|\\s)--?[a-z0-9_.-]{0,64}(?:${WORDS})[ \\t]{1,8}(?!-)${VALUE}`, 'gi'),
  // --password:x, /password:x
  new RegExp(`(?:^|\\s)(?:--?|/)[a-z0-9_.-]{0,64}(?:${WORDS}):${VALUE}`, 'gi'),
  // "password": "x"
  new RegExp(`(?:${WORDS})["']:[ \\t]{0,8}${VALUE}`, 'gi'),
  // password: x, on a line of its own
  new RegExp(`^[ \\t-]{0,64}["']?[a-z0-9_.-]{0,64}(?:${WORDS}):[ \\t]{1,8}${VALUE}["']?[ \\t]{0,8}$`, 'gim'),
  // password = "x" on a line of its own, or without quotes where the value is no name that a program gives to something
  new RegExp(
    `^[ \\t]{0,64}[a-z0-9_.-]{0,64}(?:${WORDS})[ \\t]{1,8}=[ \\t]{0,8}["']([^"'\\n]{1,256})["'][ \\t]{0,8}$`,
    'gim',
  ),
  new RegExp(
    `^[ \\t]{0,64}[a-z0-9_.-]{0,64}(?:${WORDS})[ \\t]{1,8}=[ \\t]{0,8}([\\w!#%&*+,/:;?@^~-]*\\d[\\w!#%&*+,/:;?@^~-]*)[ \\t]{0,8}$`,
    'gim',
  ),
  // X-Api-Key: x, PRIVATE-TOKEN: x, Authorization: Bearer x
  new RegExp(`\\b(?:x-[a-z0-9-]{0,32}(?:key|token|secret)|[a-z]{1,16}-token):\\s{0,8}${VALUE}`, 'gi'),
  new RegExp(`\\bauthorization:\\s{0,8}(?:basic|bearer|token|apikey|digest)\\s{1,8}${VALUE}`, 'gi'),
  // openssl -passin pass:x
  new RegExp(`(?:^|\\s)["']?pass:${VALUE}`, 'gi'),
  // chpasswd: { list: root:x }
  /\bchpasswd:[^\n]{0,64}\n(?:[ \t]+[a-z]{1,16}:[^\n]{0,64}\n){0,4}?[ \t]*list:[ \t]*\|?\s{0,32}(?:-[ \t]*)?[\w.-]{1,64}:([^\s]{1,256})/gi,
];
/** A name and a password before the host of a URL. */
const USER_INFO = /([a-z][a-z0-9+.-]{0,31}):\/\/([^\s/?#"'<>]*)@/gi;

const KNOWN: readonly (readonly [what: string, pattern: RegExp])[] = [
  ['a private key', /-----BEGIN [A-Z ]{0,32}PRIVATE KEY(?: BLOCK)?-----|AGE-SECRET-KEY-1|PuTTY-User-Key-File-/],
  ['an access key of AWS', /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/],
  ['a token of GitHub', /\bgh[pousr]_[A-Za-z0-9]{30}|\bgithub_pat_[A-Za-z0-9_]{20}/],
  ['a token of GitLab', /\bgl(?:pat|dt|rt|cbt|ptt|ft|soat)-[\w-]{16}/],
  ['a token of Slack', /\bxox[abeoprs]-[\w-]{10}/],
  ['a web hook of Slack', /hooks\.slack\.com\/services\/T\w{6,16}\/B\w{6,16}\/\w{8}/],
  ['a token of Vault', /\bhv[sbr]\.[\w-]{20}/],
  ['a token of npm', /\bnpm_[A-Za-z0-9]{30}/],
  ['a token of PyPI', /\bpypi-[\w-]{50}/],
  ['a token of Docker', /\bdckr_(?:pat|oat)_[\w-]{20}/],
  ['a token of Grafana', /\bgl(?:sa|c)_[A-Za-z0-9+/=_]{32}/],
  ['a key of Google', /\bAIza[\w-]{35}/],
  ['a key of Stripe', /\b[rs]k_live_[A-Za-z0-9]{16}/],
  ['a key of SendGrid', /\bSG\.[\w-]{16,64}\.[\w-]{16}/],
  ['a key of an API', /\bsk-(?:ant-|proj-)?[\w-]{32}/],
  ['a signed token', /\beyJ[\w-]{10,512}\.eyJ[\w-]{10}/],
  ['credentials of an HTTP header', /\bbearer[ \t]{1,8}[A-Za-z0-9+/=._-]{16}/i],
];

/** What secret stands in a text, in words; undefined where none is recognised. Time is linear in the text. */
export function secretIn(text: string): string | undefined {
  // Nearly every text is a word: without a sign between a name and its value, the shortest secret that is known by its look has 15 characters.
  if (text.length < 15 && !/[=:\s'"]/.test(text)) return undefined;
  for (const [what, pattern] of KNOWN) if (pattern.test(text)) return what;
  for (const [, scheme = '', info = ''] of text.matchAll(USER_INFO)) {
    const colon = info.indexOf(':');
    if (colon >= 0 && isSecretValue(info.slice(colon + 1))) return 'a password in a URL';
    // Where there is no password, a token stands in place of the user.
    if (colon < 0 && info !== 'git' && /^https?$/i.test(scheme) && isSecretValue(info))
      return 'a user or token in a URL';
  }
  for (const pattern of ASSIGNMENTS)
    for (const [, value = ''] of text.matchAll(pattern)) if (isSecretValue(value)) return 'a password or token';
  return text.split('\n').some((line) => commandSecret(wordsOf(line)) !== undefined)
    ? 'a password in a command'
    : undefined;
}

/** Whether a value that is called so is a secret in clear: `password: x`. */
export function isSecretCalled(name: string, value: string): boolean {
  return SECRET_NAME.test(name) && isSecretValue(value);
}

/** Whether two words after each other are a flag and its secret: `--password x`. */
export function isSecretFlag(flag: string, value: string): boolean {
  return SECRET_FLAG.test(flag) && isSecretValue(value) && !value.startsWith('-');
}
