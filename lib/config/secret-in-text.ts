/** Words that the name of a secret ends in: `--db-password`, `AWS_SECRET_ACCESS_KEY`, `apiKey`. */
const WORDS =
  'pass(?:word|wd|phrase)|pwd|secret|token|credentials?|api[-_]?key|access[-_]?key|secret[-_]?key|private[-_]?key|auth[-_]?key|signature';
const SECRET_NAME = new RegExp(`(?:${WORDS})$`, 'i');
const SECRET_FLAG = new RegExp(`^--?[a-z0-9_.-]{0,64}(?:${WORDS})$`, 'i');
const VALUE = `["']?([^\\s"'(){}]{1,256})(?=$|[\\s"'&;,)}])`;
/** How a name and its value stand together. What stands for a value that is elsewhere begins with another character. */
const ASSIGNMENTS = [
  // DB_PASSWORD=x, --password=x, ?token=x
  new RegExp(`(?:${WORDS})=${VALUE}`, 'gi'),
  // --password x
  new RegExp(`(?:^|\\s)--?[a-z0-9_.-]{0,64}(?:${WORDS})[ \\t]{1,8}(?!-)${VALUE}`, 'gi'),
  // "password": "x"
  new RegExp(`(?:${WORDS})["']:[ \\t]{0,8}${VALUE}`, 'gi'),
  // password: x, on a line of its own
  new RegExp(`^[ \\t-]{0,64}["']?[a-z0-9_.-]{0,64}(?:${WORDS}):[ \\t]{1,8}${VALUE}["']?[ \\t]{0,8}$`, 'gim'),
];
const USER_FLAG = /(?:^|\s)(?:-u|--user)[ =]["']?([^\s"':]{1,128}):([^\s"']{1,128})/g;
/** A name and a password before the host of a URL. */
const USER_INFO = /:\/\/([^\s/?#"'<>]*)@/g;

const KNOWN: readonly (readonly [what: string, pattern: RegExp])[] = [
  ['a private key', /-----BEGIN [A-Z ]{0,32}PRIVATE KEY-----|AGE-SECRET-KEY-1/],
  ['an access key of AWS', /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/],
  ['a token of GitHub', /\bgh[pousr]_[A-Za-z0-9]{30}|\bgithub_pat_[A-Za-z0-9_]{20}/],
  ['a token of GitLab', /\bglpat-[\w-]{16}/],
  ['a token of Slack', /\bxox[abeoprs]-[\w-]{10}/],
  ['a token of Vault', /\bhv[sbr]\.[\w-]{20}/],
  ['a token of npm', /\bnpm_[A-Za-z0-9]{30}/],
  ['a key of Google', /\bAIza[\w-]{35}/],
  ['a key of Stripe', /\b[rs]k_live_[A-Za-z0-9]{16}/],
  ['a signed token', /\beyJ[\w-]{10,512}\.eyJ[\w-]{10}/],
  ['credentials of an HTTP header', /\bauthorization:\s{0,8}(?:basic|bearer)\s{1,8}[A-Za-z0-9+/=._-]{8}/i],
];

/** What secret stands in a text, in words; undefined where none is recognised. Time is linear in the text. */
export function secretIn(text: string): string | undefined {
  for (const [what, pattern] of KNOWN) if (pattern.test(text)) return what;
  for (const [, info = ''] of text.matchAll(USER_INFO)) {
    const colon = info.indexOf(':');
    if (colon >= 0 && isValue(info.slice(colon + 1))) return 'a password in a URL';
  }
  for (const [, , password = ''] of text.matchAll(USER_FLAG))
    if (isValue(password) && !/^\d+$/.test(password)) return 'a password of a user';
  for (const pattern of ASSIGNMENTS)
    for (const [, value = ''] of text.matchAll(pattern)) if (isValue(value)) return 'a password or token';
  return undefined;
}

/** Whether a value that is called so is a secret in clear: `password: x`. */
export function isSecretCalled(name: string, value: string): boolean {
  return SECRET_NAME.test(name) && isValue(value);
}

/** Whether two words after each other are a flag and its secret: `--password x`. */
export function isSecretFlag(flag: string, value: string): boolean {
  return SECRET_FLAG.test(flag) && isValue(value) && !value.startsWith('-');
}

/** Variables, files, references and empty values stand for what is elsewhere. */
function isValue(text: string): boolean {
  return !/^(?:$|[$%@/<{*.~`=\\]|["']|(?:secret|file|env|arn|ssm|vault|https?):|(?:true|false|yes|no|none|null|x+)$)/i.test(
    text,
  );
}
