/** Words that the name of a secret has: `DB_PASSWORD`, `--api-key`, `sessionToken`. */
const WORDS =
  'secret|token|passw(?:or)?d|passphrase|pwd|credential|signature|(?:api|access|account|private|auth|encryption|signing)[-_]?key';
/** Such a name with what stands between it and its value: `=`, `:`, a space after an option; in JSON, YAML, shell or a query. */
const NAMED = `(?:\\b[\\w-]*(?:${WORDS})[\\w-]*["']?\\s*[:=]\\s*|(?:^|\\s)--?[\\w-]*(?:${WORDS})\\s+)`;

/** Shapes of secrets that may stand in the output of a job or in a service's error, and what is kept of them. */
const SHAPES: readonly (readonly [shape: RegExp, kept: string])[] = [
  [/-----BEGIN [A-Z ]*PRIVATE KEY(?: BLOCK)?-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY(?: BLOCK)?-----|$)/g, '***'],
  [/\bAGE-SECRET-KEY-1[A-Z0-9]*/g, '***'],
  // A password in an address, up to the last @ before the host.
  [/\b([a-z][a-z\d+.-]{0,31}:\/\/[^\s/?#:@"'<>]*):[^\s/?#"'<>]+@/gi, '$1:***@'],
  // A token as the user of an address.
  [/\b(https?:\/\/)[\w-]{20,}@/gi, '$1***@'],
  [/\b(?:Bearer|Basic|Token|ApiKey)\s+[\w.~+/=-]{8,}/gi, '***'],
  // Signed tokens (JWT, JWE): header and payload in base64.
  [/\beyJ[\w-]{5,}\.[\w-]{3,}(?:\.[\w-]*){1,3}/g, '***'],
  [/\b(?:AKIA|ASIA)[A-Z0-9]{12,}\b/g, '***'],
  // Tokens of GitHub, GitLab, Slack, npm, PyPI, Docker, Vault, Hugging Face, Grafana.
  [
    /\b(?:gh[pousr]_[A-Za-z0-9]{20,}|github_pat_\w{20,}|gl(?:pat|dt|rt|cbt|ptt|ft|soat)-[\w-]{16,}|xox[abeoprs]-[\w-]{8,})/g,
    '***',
  ],
  [
    /\b(?:npm_[A-Za-z0-9]{30,}|pypi-[\w-]{30,}|dckr_(?:pat|oat)_[\w-]{16,}|hv[sbr]\.[\w-]{16,}|hf_[A-Za-z0-9]{20,})/g,
    '***',
  ],
  [/\b(?:gl(?:sa|c)_[A-Za-z0-9+/=_]{20,}|AIza[\w-]{30,}|ya29\.[\w-]{10,}|[rs]k_(?:live|test)_\w{8,})/g, '***'],
  [/\b(?:SG\.[\w-]{16,64}\.[\w-]{16,}|sk-[\w-]{20,})|hooks\.slack\.com\/services\/[\w/]+/g, '***'],
  // A name that says secret, and its value: in quotes to their end, else to the next space or separator.
  [new RegExp(`(${NAMED})"(?:[^"\\\\\\n]|\\\\.){2,}"?`, 'gim'), '$1"***"'],
  [new RegExp(`(${NAMED})'[^'\\n]{2,}'?`, 'gim'), "$1'***'"],
  [new RegExp(`(${NAMED})(?!["']?\\*\\*\\*)[^\\s"',;&}<>]{4,}`, 'gim'), '$1***'],
];

/** The text without what looks like a secret. A last net: nothing secret should come here. */
export function redact(text: string): string {
  return SHAPES.reduce((kept, [shape, instead]) => kept.replace(shape, instead), text);
}
