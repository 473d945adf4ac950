/** Fewest members of so many that are a majority of them. */
export function majorityOf(members: number): number {
  return Math.floor(members / 2) + 1;
}
