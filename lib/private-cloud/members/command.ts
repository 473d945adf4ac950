import { hostsIn, type Members, MOVING, without } from './groups.ts';

/** Hosts that come and go. */
export interface Moves {
  readonly joining: readonly string[];
  readonly leaving: readonly string[];
}

/** Undefined where nobody comes, goes or changes its services. */
export function movesOf(from: Members, to: Members): Moves | undefined {
  const isSame = MOVING.every((group) => [...from[group]].sort().join(' ') === [...to[group]].sort().join(' '));
  const moves = { joining: without(hostsIn(to), hostsIn(from)), leaving: without(hostsIn(from), hostsIn(to)) };
  return isSame ? undefined : moves;
}

/** The command that does what a file says; undefined where hosts stay, or several commands are needed. */
export function commandFor(cloud: string, { joining, leaving }: Moves): string | undefined {
  const [old, replacement] = [leaving[0] ?? '', joining[0] ?? ''];
  if (joining.length + leaving.length === 0) return undefined;
  if (leaving.length === 0) return `tandem cloud add ${joining.join(' ')} --cloud ${cloud}`;
  if (joining.length === 0) return `tandem cloud remove ${leaving.join(' ')} --cloud ${cloud}`;
  return joining.length === 1 && leaving.length === 1
    ? `tandem cloud replace ${old} ${replacement} --cloud ${cloud}`
    : undefined;
}

/** For whatever no other command does: the layout that a placement is of. */
export function growCommand(cloud: string, { control, mariadb }: Members): string {
  const isOwn = mariadb.some((host) => !control.includes(host));
  return `tandem cloud grow ${cloud} --to ${isOwn ? 'separated' : control.length === 1 ? 'starter' : 'converged'}`;
}
