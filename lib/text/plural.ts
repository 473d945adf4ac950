/** The form of a word that goes with a count. By default the plural adds an `s`. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return count === 1 ? one : many;
}

/** A count with its word: `1 stack`, `0 stacks`, `2 leases are`. */
export function counted(count: number, one: string, many?: string): string {
  return `${count} ${plural(count, one, many)}`;
}

/** The first so many of a list, and how many are left out: `a, b and 3 more`. */
export function firstOf(all: readonly string[], most: number): string {
  const left = all.length - most;
  return `${all.slice(0, most).join(', ')}${left > 0 ? ` and ${left} more` : ''}`;
}
