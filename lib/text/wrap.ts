// Version 7 on purpose: later ones build an Intl.Segmenter as they are imported, which costs each `plan` 15 ms.
import wrapAnsi from 'wrap-ansi';

/** Lines of at most so many columns, broken between words; all but the first begin with two spaces. */
export function wrap(text: string, columns: number): string[] {
  const whole = text.normalize();
  const [first = ''] = wrapAnsi(whole, columns).split('\n', 1);
  const rest = whole.slice(first.length).trim();
  if (rest === '') return [first];
  const others = wrapAnsi(rest, columns - 2).split('\n');
  return [first, ...others.map((line) => `  ${line}`)];
}
