/**
 * The words of a line as Ansible's shlex takes them: quotes join, `#` begins a comment. Undefined where a quote is not closed.
 */
export function wordsOf(line: string): string[] | undefined {
  const words: string[] = [];
  let word: string | undefined;
  let quote = '';
  for (let at = 0; at < line.length; at += 1) {
    const letter = line.charAt(at);
    if (quote !== '') {
      if (letter === quote) quote = '';
      else if (letter === '\\' && quote === '"' && /["\\]/.test(line.charAt(at + 1)))
        word = `${word ?? ''}${line.charAt((at += 1))}`;
      else word = `${word ?? ''}${letter}`;
    } else if (letter === '"' || letter === "'") {
      quote = letter;
      word ??= '';
    } else if (letter === '#') break;
    else if (/\s/.test(letter)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else word = `${word ?? ''}${letter === '\\' ? line.charAt((at += 1)) : letter}`;
  }
  if (quote !== '') return undefined;
  return word === undefined ? words : [...words, word];
}
