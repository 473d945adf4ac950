/** Text as XML takes it: five characters escaped, and those that XML 1.0 knows no way to write left out. */
export function escapeXml(text: string): string {
  return text
    .replaceAll(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

/** `<rect x="1"/>`; attributes in the order given. */
export function element(
  name: string,
  attributes: Readonly<Record<string, string | number>>,
  children?: string | readonly string[],
): string {
  const pairs = Object.entries(attributes).map(
    ([key, value]) => ` ${key}="${typeof value === 'number' ? String(Math.round(value * 10) / 10) : escapeXml(value)}"`,
  );
  const inside = typeof children === 'string' ? children : children?.join('');
  return inside === undefined ? `<${name}${pairs.join('')}/>` : `<${name}${pairs.join('')}>${inside}</${name}>`;
}

export function text(
  x: number,
  y: number,
  kind: string,
  content: string,
  more: Readonly<Record<string, string>> = {},
): string {
  return element('text', { x, y, class: kind, ...more }, escapeXml(content));
}

/** As much of a text as fits a width at a size, by the mean width of a letter of a sans-serif face. */
export function fit(content: string, width: number, size: number): string {
  const letters = Math.floor(width / (size * 0.56));
  return content.length <= letters ? content : `${content.slice(0, Math.max(1, letters - 1))}…`;
}
