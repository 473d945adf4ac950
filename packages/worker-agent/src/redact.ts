/** Shapes of secrets that may stand in the output of a job or in a service's error. */
const SHAPES: readonly RegExp[] = [
  /\b(?:AKIA|ASIA)[A-Z0-9]{12,}\b/g,
  /\bBearer\s+[\w.~+/=-]{8,}/gi,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g,
  // A name that says secret, and what follows it, in JSON, YAML, shell or a query.
  /(?<=\b[\w-]*(?:secret|token|passw(?:or)?d|credential|api_?key|access_?key|private_?key|signature)[\w-]*["']?\s*[:=]\s*["']?)[^\s"',;&}]{4,}/gi,
];

/** The text without what looks like a secret. A last net: nothing secret should come here. */
export function redact(text: string): string {
  return SHAPES.reduce((kept, shape) => kept.replace(shape, '***'), text);
}
