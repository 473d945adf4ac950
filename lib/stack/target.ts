import { z } from 'zod';

/**
 * Where a stack goes, in the words of its engine, empty values left out: account, region, role and endpoint; endpoint, region and domain;
 * deployment host. Two stacks with equal targets and ids are the same thing in the world.
 */
export type StackTarget = Readonly<Record<string, string>>;

export const targetSchema = z.record(z.string(), z.string());

/** Words of a target that are only another way to the same place, or a check on the way. Every other one names the place. */
const WAYS: ReadonlySet<string> = new Set(['role', 'credentials', 'login', 'secrets']);

/**
 * Whether two targets are one place in the world. A word that one of them lacks tells nothing: it may have been written before the word was
 * known.
 */
export function isSamePlace(a: StackTarget, b: StackTarget): boolean {
  return differingWords(a, b).length === 0;
}

/** Whether nothing but an address differs: one cloud may have several, which it alone can tell. */
export function mayBeSamePlace(a: StackTarget, b: StackTarget): boolean {
  return differingWords(a, b).every((word) => word === 'endpoint');
}

function differingWords(a: StackTarget, b: StackTarget): string[] {
  return Object.keys(a).filter((word) => {
    const [one, other] = [a[word], b[word]];
    return !WAYS.has(word) && other !== undefined && one !== other && spell(one) !== spell(other);
  });
}

/** URLs end with or without a slash, and the case of a host means nothing. */
function spell(value: string | undefined): string {
  if (value === undefined || !URL.canParse(value)) return value ?? '';
  return new URL(value).href.replace(/\/+$/, '');
}

/** `account 111122223333, region eu-central-1`: the place, without the ways to it. */
export function describeTarget(target: StackTarget): string {
  return Object.keys(target)
    .filter((word) => !WAYS.has(word))
    .map((word) => `${word} ${target[word] ?? ''}`)
    .join(', ');
}
