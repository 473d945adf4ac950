import { gunzipSync } from 'node:zlib';
import { isRecord } from '../../../text/json.ts';

/** What is unpacked of one value, in bytes: enough for every script, and a bound for what was packed to be large. */
const MAXIMUM_UNPACKED = 4_000_000;
/** Shorter text that happens to be base64 is a word. */
const LEAST_PACKED = 24;

/** A value as people wrote it: text that was joined, packed or encoded is taken out of its wrapping, JSON out of its text. */
export function readable(value: unknown): unknown {
  const text = typeof value === 'string' ? unpacked(value) : textOf(value);
  if (text === undefined) return value;
  return parsed(text) ?? unpackedParts(text);
}

/** The text that a function of CloudFormation makes, with what it refers to as `${Name}`; undefined for what makes no text. */
export function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (!isRecord(value)) return undefined;
  const [name = '', ...others] = Object.keys(value);
  if (others.length > 0) return undefined;
  const inner = value[name];
  switch (name) {
    case 'Ref':
      return typeof inner === 'string' ? `\${${inner}}` : undefined;
    case 'Fn::GetAtt':
      return `\${${Array.isArray(inner) ? inner.map(String).join('.') : String(inner)}}`;
    case 'Fn::Base64':
      return textOf(inner);
    case 'Fn::Sub':
      return substituted(inner);
    case 'Fn::Join':
      return joined(inner);
    default:
      return undefined;
  }
}

function joined(inner: unknown): string | undefined {
  if (!Array.isArray(inner) || typeof inner[0] !== 'string' || !Array.isArray(inner[1])) return undefined;
  return inner[1].map((part: unknown) => textOf(part) ?? `\${${JSON.stringify(part)}}`).join(inner[0]);
}

function substituted(inner: unknown): string | undefined {
  if (typeof inner === 'string') return inner;
  if (!Array.isArray(inner) || typeof inner[0] !== 'string' || !isRecord(inner[1])) return undefined;
  const values = new Map(Object.entries(inner[1]));
  return inner[0].replace(/\$\{([^!}]+)\}/g, (all, name: string) =>
    values.has(name) ? (textOf(values.get(name)) ?? all) : all,
  );
}

/** Text out of base64, and out of gzip in it; as it is, where it is neither or holds no text. */
function unpacked(text: string): string {
  if (text.length < LEAST_PACKED || text.length > MAXIMUM_UNPACKED) return text;
  if (!/^[A-Za-z0-9+/\r\n]+={0,2}\s*$/.test(text)) return text;
  const bare = text.replace(/\s+/g, '');
  // Whoever encodes says so by its length; words do so by chance, but do not decode to text.
  if (bare.length % 4 !== 0) return text;
  return decoded(Buffer.from(bare, 'base64')) ?? text;
}

function decoded(bytes: Buffer): string | undefined {
  try {
    const isPacked = bytes[0] === 0x1f && bytes[1] === 0x8b;
    const plain = isPacked ? gunzipSync(bytes, { maxOutputLength: MAXIMUM_UNPACKED }) : bytes;
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(plain);
    return /[^\P{Cc}\t\n\r]/u.test(text) ? undefined : text;
  } catch {
    return undefined;
  }
}

/** A multipart message with its encoded parts decoded, as cloud-init gets it. */
function unpackedParts(text: string): string {
  const boundary = /^Content-Type: *multipart\/[^\n]{0,200}?boundary="?([^"\r\n;]{1,70})/im.exec(
    text.slice(0, 2000),
  )?.[1];
  if (boundary === undefined) return text;
  return text
    .split(`--${boundary}`)
    .map((part) => {
      const [headersEnd] = /\r?\n\r?\n/.exec(part) ?? [];
      const at = headersEnd === undefined ? -1 : part.indexOf(headersEnd) + headersEnd.length;
      if (at < 0 || !/^Content-Transfer-Encoding: *base64/im.test(part.slice(0, at))) return part;
      const plain = decoded(Buffer.from(part.slice(at), 'base64'));
      return plain === undefined ? part : `${part.slice(0, at)}${plain}\n`;
    })
    .join(`--${boundary}`);
}

/** JSON in a text; undefined for anything else, scalars included. */
function parsed(text: string): object | undefined {
  if (!/^\s*[[{]/.test(text)) return undefined;
  // A reference may stand where JSON has no quotes: `{"size": ${Size}}`.
  const quoted = text.includes('${') ? text.replace(/([:[,]\s*)(\$\{[^{}"]+\})(?=\s*[,\]}])/g, '$1"$2"') : text;
  for (const attempt of text === quoted ? [text] : [text, quoted]) {
    try {
      const value: unknown = JSON.parse(attempt);
      return typeof value === 'object' && value !== null ? value : undefined;
    } catch {
      // Not JSON as it is.
    }
  }
  return undefined;
}
