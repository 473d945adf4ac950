import { commandFor } from '../../private-cloud/members/command.ts';
import { membersDiffer } from './errors.ts';
import type { MembersChange } from './plan-change.ts';

/** What an operator asks for: the hosts by name, so that no other comes or goes. */
export type MembersAsk =
  | { readonly verb: 'add' | 'remove'; readonly hosts: readonly string[] }
  | { readonly verb: 'replace'; readonly old: string; readonly replacement: string };

/** What is to come and to go. */
export function askedFor(ask: MembersAsk): {
  readonly joining: readonly string[];
  readonly leaving: readonly string[];
} {
  if (ask.verb === 'replace') return { joining: [ask.replacement], leaving: [ask.old] };
  return ask.verb === 'add' ? { joining: ask.hosts, leaving: [] } : { joining: [], leaving: ask.hosts };
}

/**
 * The configuration says which hosts there are; the command names those that come and go, and both must say the same.
 * @throws TandemError `members-differ` with the command that fits the file
 */
export function requireSame(cloud: string, ask: MembersAsk, change: Pick<MembersChange, 'joining' | 'leaving'>): void {
  const { joining, leaving } = askedFor(ask);
  const why = [
    ...difference(
      joining,
      change.joining,
      'is no host of the file that is not deployed yet',
      'is in the file too and not deployed yet',
    ),
    ...difference(
      leaving,
      change.leaving,
      'is still in the file, or was never deployed',
      'is deployed and no longer in the file',
    ),
  ];
  if (why.length > 0) throw membersDiffer(cloud, ask.verb, why.join('; '), commandFor(cloud, change));
}

function difference(asked: readonly string[], real: readonly string[], missing: string, more: string): string[] {
  return [
    ...asked.filter((host) => !real.includes(host)).map((host) => `${host} ${missing}`),
    ...real.filter((host) => !asked.includes(host)).map((host) => `${host} ${more}`),
  ];
}
