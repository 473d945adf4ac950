/** The first so many words, and how many others there are: `a, b, c and 4 more`. */
export function firstOf(most: number, words: readonly string[]): string {
  const more = words.length - most;
  return more > 0 ? `${words.slice(0, most).join(', ')} and ${more} more` : words.join(', ');
}

/** So many words at most; where there are more, the last stands for all that is left: `a, b and 4 more`. */
export function listed(most: number, words: readonly string[]): string {
  return firstOf(words.length > most ? most - 1 : most, words);
}
