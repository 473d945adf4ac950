// Version 7 on purpose: later ones build an Intl.Segmenter as they are imported, which costs each `plan` 15 ms.
import wrapAnsi from 'wrap-ansi';

/** Lines of at most so many columns, broken between words; all but the first begin with two spaces. */
export function wrap(text: string, columns: number): string[] {
  // Short text without escapes or wide characters is a line: measuring others takes long.
  if (text.length <= columns && /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/.test(text)) return [text];
  const whole = text.normalize();
  const [first = ''] = wrapAnsi(whole, columns).split('\n', 1);
  const rest = whole.slice(first.length).trim();
  if (rest === '') return [first];
  const others = wrapAnsi(rest, columns - 2).split('\n');
  return [first, ...others.map((line) => `  ${line}`)];
}
