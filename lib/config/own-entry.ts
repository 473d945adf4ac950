/** What a map itself has under a key: nothing under `constructor` or `valueOf`, which every object inherits. Pure. */
export function ownEntry<T>(map: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(map, key) ? map[key] : undefined;
}
