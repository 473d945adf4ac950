import { invalidNextToken } from './faults.ts';

/** One page of a list. A token says how many came before; it is opaque to callers. */
export function paginate<T>(
  all: readonly T[],
  token: string | undefined,
  size: number,
): { readonly items: readonly T[]; readonly NextToken?: string } {
  const start = token === undefined ? 0 : offsetOf(token);
  const items = all.slice(start, start + size);
  const next = start + items.length;
  return next < all.length ? { items, NextToken: tokenOf(next) } : { items };
}

const SALT = 0x5eed;

/** Opaque: so that nobody counts on what it holds. */
export function tokenOf(offset: number): string {
  return `t${(offset ^ SALT).toString(36)}.${((offset * 31 + SALT) % 9973).toString(36)}`;
}

export function offsetOf(token: string): number {
  const offset = Number.parseInt(/^t([0-9a-z]+)\./.exec(token)?.[1] ?? '', 36) ^ SALT;
  if (tokenOf(offset) !== token) throw invalidNextToken();
  return offset;
}
