/**
 * Where a stack goes, in the words of its engine, empty values left out: account, region, role and endpoint; endpoint, region and domain;
 * deployment host. Two stacks with equal targets and ids are the same thing in the world.
 */
export type StackTarget = Readonly<Record<string, string>>;

export function isSameTarget(a: StackTarget, b: StackTarget): boolean {
  return describeTarget(a) === describeTarget(b);
}

/** `account 111122223333, region eu-central-1`. */
export function describeTarget(target: StackTarget): string {
  return Object.keys(target)
    .sort()
    .map((name) => `${name} ${target[name] ?? ''}`)
    .join(', ');
}
