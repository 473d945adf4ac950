/** The first so many of a list, and how many are left out: `a, b and 3 more`; of sentences `a; b; and 3 more`. */
export function firstOf(words: readonly string[], most: number, separator: ', ' | '; ' = ', '): string {
  const left = words.length - most;
  const first = words.slice(0, most).join(separator);
  return left > 0 ? `${first}${separator === '; ' ? ';' : ''} and ${left} more` : first;
}

/** So many words at most; where there are more, the last stands for all that is left: `a, b and 4 more`. */
export function listed(words: readonly string[], most: number): string {
  return firstOf(words, words.length > most ? most - 1 : most);
}

/** The first so many lines, then one that says how many are left out. */
export function firstLines(
  lines: readonly string[],
  most: number,
  leftOut = (count: number): string => `and ${count} more`,
): string[] {
  const left = lines.length - most;
  return [...lines.slice(0, most), ...(left > 0 ? [leftOut(left)] : [])];
}
