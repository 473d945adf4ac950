import type { Json } from '../json.ts';
import { isList, isObject, text } from '../json.ts';

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

export function escapeXml(value: string): string {
  return value.replace(/[&<>"]/g, (character) => ENTITIES[character] ?? character);
}

/** Elements of an object's members; lists become one element with a child for each item. */
export function xmlOf(value: Json): string {
  if (isList(value)) return value.map((item) => `<member>${xmlOf(item)}</member>`).join('');
  if (isObject(value)) {
    return Object.entries(value)
      .map(([key, inner]) => `<${key}>${xmlOf(inner)}</${key}>`)
      .join('');
  }
  return escapeXml(text(value) ?? '');
}

/** The texts of all elements of this name: enough for the few flat documents that S3 takes. */
export function elements(document: string, name: string): string[] {
  const found = document.matchAll(new RegExp(`<${name}(?:\\s[^>]*)?>([\\s\\S]*?)</${name}>`, 'g'));
  return [...found].map((match) => unescapeXml(match[1] ?? ''));
}

function unescapeXml(value: string): string {
  return value
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&apos;', "'")
    .replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)))
    .replace(/&#x([0-9a-fA-F]+);/g, (_, code: string) => String.fromCodePoint(Number.parseInt(code, 16)))
    .replaceAll('&amp;', '&');
}
