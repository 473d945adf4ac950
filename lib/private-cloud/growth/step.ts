import type { Members, Moving } from './members.ts';

/** One command, without where tree and inventory are. */
export interface GrowCommand {
  readonly program: 'kolla-ansible' | 'ansible';
  readonly args: readonly string[];
  /** One host after the other within each task. @default false */
  readonly oneByOne?: boolean;
  /** It only looks. @default false */
  readonly isCheck?: boolean;
}

/**
 * What a step does to the members of a group, in order; what the simulation goes by. `restarts`: each in turn, one at a time.
 * `told`: clients know these members from now on. `forgotten`: the others no longer count it.
 */
export interface Effect {
  readonly kind: 'restarts' | 'joins' | 'told' | 'stops' | 'forgotten';
  readonly group: Moving;
  readonly hosts: readonly string[];
}

export interface GrowStep {
  /** Unique within the plan and stable: what a resume goes by. */
  readonly key: string;
  /** The inventory that its commands use. */
  readonly members: Members;
  readonly commands: readonly GrowCommand[];
  readonly effects: readonly Effect[];
  /** What answers nothing for a while; empty where clients notice no more than a connection that is opened again. */
  readonly unavailable: readonly string[];
}

export function kolla(
  verb: string,
  tags: readonly string[],
  limit: readonly string[],
  ...more: readonly string[]
): GrowCommand {
  const args = [verb, ...(tags.length > 0 ? ['--tags', tags.join(',')] : []), '--limit', limit.join(','), ...more];
  return { program: 'kolla-ansible', args };
}

export function check(tags: readonly string[], limit: readonly string[]): GrowCommand {
  return { ...kolla('check', tags, limit), isCheck: true };
}

/** A command in a container of one host. */
export function inside(host: string, engine: string, container: string, command: string): GrowCommand {
  return onHost(host, `${engine} exec ${container} ${command}`);
}

export function onHost(host: string, command: string): GrowCommand {
  return {
    program: 'ansible',
    args: [host, '--become', '--module-name', 'ansible.builtin.command', '--args', command],
  };
}
