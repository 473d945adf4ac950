const MAP = '$map';

/** State as JSON: a Map becomes the list of its entries. */
export function toPlain(value: unknown): unknown {
  if (value instanceof Map)
    return { [MAP]: [...(value as Map<unknown, unknown>)].map(([key, each]) => [key, toPlain(each)]) };
  if (Array.isArray(value)) return value.map((each: unknown) => toPlain(each));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, each]) => each !== undefined)
      .map(([key, each]) => [key, toPlain(each)]),
  );
}

/** What `toPlain` made, as it was. */
export function fromPlain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((each: unknown) => fromPlain(each));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  const [only] = entries;
  if (entries.length === 1 && only?.[0] === MAP)
    return new Map((only[1] as [unknown, unknown][]).map(([key, each]) => [key, fromPlain(each)]));
  return Object.fromEntries(entries.map(([key, each]) => [key, fromPlain(each)]));
}
