/** Words that the name of a secret has: `DB_PASSWORD`, `--api-key`, `sessionToken`. What stands before them is no matter. */
const STRONG = 'secret|passw(?:or)?d|passphrase|pwd';
const WEAK =
  'token|credential|signature|(?:api|access|account|private|auth|encryption|signing|ssh|shared|master)[-_]?key|' +
  '(?<![a-z])(?:pw|pin|otp|auth|creds|sig)(?![a-z\\d])|(?<![a-z])pass(?==)';
const named = (words: string): string => `(?:${words})[\\w-]{0,60}`;
/** Between a name and its value: `=`, `:`, `=>`, a space after an option; in JSON, JSON in JSON, YAML, shell or a query. */
const IS = `(?:\\\\{0,4}["']|%2[27])?\\s{0,20}(?:=>|:=|[:=]|%3[AD])\\s{0,20}\\\\{0,4}(?:%2[27])?`;
const ANY = named(`${STRONG}|${WEAK}`);
const OPTION = `(?:^|\\s)--?[\\w-]{0,60}?${ANY}\\s{1,20}`;
const NAMED = `(?:${ANY}${IS}|${OPTION})`;
const KEY = '[A-Z ]{0,40}PRIVATE KEY(?: BLOCK)?-----';

/**
 * Shapes of secrets that may stand in the output of a job or in a service's error, and what is kept of them. A job chooses the text: each
 * shape takes time in proportion to it, so what may repeat is bounded, or begins where nothing like it stands before.
 */
const SHAPES: readonly (readonly [shape: RegExp, kept: string])[] = [
  [new RegExp(`-----BEGIN ${KEY}[\\s\\S]*?(?:-----END ${KEY}|$)`, 'g'), '***'],
  // One whose beginning was cut off.
  [new RegExp(`^[\\s\\S]*-----END ${KEY}`), '***'],
  [/\bAGE-SECRET-KEY-1[A-Z0-9]*/g, '***'],
  // A password in an address, up to the last @ before the host; Oracle's form of it; and those of tools.
  [/\b([a-z][a-z\d+.-]{0,31}:\/\/[^\s/?#:@"'<>]*):[^\s/?#"'<>]+@/gi, '$1:***@'],
  [/(:\w{1,64})\/[^\s/@]{1,200}@(?=\/\/)/g, '$1/***@'],
  [/((?:^|\s)(?:-u|--user|--proxy-user)[\s=]["']?[^\s:"']{1,64}):[^\s"']+/g, '$1:***'],
  [/(\b(?:mysql|mariadb|sshpass)[^\n]{0,200}?\s-p ?)[^\s-]\S*/g, '$1***'],
  // A token as the user of an address.
  [/\b(https?:\/\/)[\w-]{20,}@/gi, '$1***@'],
  [
    /\b((?:set-)?cookie|(?:proxy-)?authorization)(["']?\s{0,20}[:=]\s{0,20})(?:"[^"\n]*"?|'[^'\n]*'?|[^\n]+)/gi,
    '$1$2***',
  ],
  [/\b(?:Bearer|Basic|Token|ApiKey)[\s:]\s{0,20}[\w.~+/=-]{8,}/gi, '***'],
  // Signed tokens (JWT, JWE): header and payload in base64. Session tokens of AWS.
  [/(?<![\w-])eyJ[\w-]{5,}\.[\w-]{3,}(?:\.[\w-]*){1,3}/g, '***'],
  [/\b(?:AKIA|ASIA)[A-Z0-9]{12,}\b|\b(?:IQoJb3JpZ2lu|FwoGZXIvYXdz)[\w+/=]{40,}/g, '***'],
  // Tokens of GitHub, GitLab, Slack, npm, PyPI, Docker, Vault, Hugging Face, Grafana, Google, Stripe, SendGrid, OpenAI.
  [
    /\b(?:gh[pousr]_[A-Za-z0-9]{20,}|github_pat_\w{20,}|gl(?:pat|dt|rt|cbt|ptt|ft|soat)-[\w-]{16,}|x(?:ox[abeoprs]|app)-[\w-]{8,})/g,
    '***',
  ],
  [
    /\b(?:npm_[A-Za-z0-9]{30,}|pypi-[\w-]{30,}|dckr_(?:pat|oat)_[\w-]{16,}|hv[sbr]\.[\w-]{16,}|hf_[A-Za-z0-9]{20,})/g,
    '***',
  ],
  [
    /\b(?:gl(?:sa|c)_[A-Za-z0-9+/=_]{20,}|AIza[\w-]{30,}|ya29\.[\w-]{10,}|GOCSPX-[\w-]{20,}|(?:[rs]k_(?:live|test)|whsec)_\w{8,})/g,
    '***',
  ],
  [/\b(?:SG\.[\w-]{16,64}\.[\w-]{16,}|sk-[\w-]{20,})|hooks\.slack\.com\/services\/[\w/]+/g, '***'],
  // Of DigitalOcean, Shopify, Databricks, Atlassian, New Relic, Telegram.
  [
    /\b(?:do[opr]_v1_\w{20,}|shp(?:at|ca|pa|ss)_\w{16,}|dapi[a-f\d]{32}|ATATT3x[\w=-]{10,}|NRAK-[A-Z\d]{20,}|\d{8,10}:AA[\w-]{32,})/g,
    '***',
  ],
  // An element, a word of netrc, a statement of SQL.
  [new RegExp(`(<[\\w:.-]{0,60}?${ANY}[^<>]{0,200}>)[^<]+`, 'gi'), '$1***'],
  [/(\blogin\s\S{1,100}\s{1,20}password\s{1,20})\S+/gi, '$1***'],
  [/(\b(?:password|identified by)\s{1,20})(["'])[^"'\n]+\2/gi, '$1$2***$2'],
  // A name that says secret, and its value: in a block, in quotes to their end, else to the next space or separator.
  [new RegExp(`(${ANY}\\s{0,20}:\\s{0,20}[|>][+-]?\\s{0,20}\\n\\s{1,200})\\S+`, 'gi'), '$1***'],
  [new RegExp(`(${NAMED})"(?:[^"\\\\\\n]|\\\\.){2,}"?`, 'gim'), '$1"***"'],
  [new RegExp(`(${NAMED})'[^'\\n]{2,}'?`, 'gim'), "$1'***'"],
  [new RegExp(`(${named(STRONG)}${IS})(?!["']?\\*\\*\\*)[^\\s"',;&}<>|\\\\%]{3,}`, 'gim'), '$1***'],
  [new RegExp(`(${NAMED})(?!["']?\\*\\*\\*)[^\\s"',;&}<>|\\\\]{4,}`, 'gim'), '$1***'],
];

/** The text without what looks like a secret. A last net: nothing secret should come here. */
export function redact(text: string): string {
  return SHAPES.reduce((kept, [shape, instead]) => kept.replace(shape, instead), text);
}
