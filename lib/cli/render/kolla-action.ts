import type { RestoreAction } from '../../private-cloud/backup/restore.ts';
import type { RotationAction } from '../../private-cloud/certificates/rotate.ts';
import { shellWord } from '../../text/shell-word.ts';

type Action = RestoreAction | RotationAction;

interface Step {
  readonly key: string;
  readonly why?: string;
  readonly unavailable?: readonly string[];
  readonly actions: readonly Action[];
}

/** Steps as people read and type them, an empty line after each. */
export function stepLines(steps: readonly Step[]): string[] {
  return steps.flatMap(({ key, why, unavailable = [], actions }) => [
    why === undefined ? key : `${key}: ${why}`,
    ...unavailable.map((what) => `   unavailable: ${what}`),
    ...actions.map((action) => `   ${lineOf(action)}`),
    '',
  ]);
}

function lineOf(action: Action): string {
  switch (action.kind) {
    case 'play': {
      const { verb, tags, limit, extra = [] } = action.play;
      const scope = [
        ...(tags.length > 0 ? ['--tags', tags.join(',')] : []),
        ...(limit.length > 0 ? ['--limit', limit.join(',')] : []),
      ];
      return `$ ${words(['kolla-ansible', verb, ...scope, ...extra])}`;
    }
    case 'command': {
      const { host, container, argv } = action.command;
      return `${container === undefined ? host : `${host}, ${container}`}$ ${words(argv)}`;
    }
    case 'send':
      return `decrypts ${action.backup} into ${action.path} of ${action.host}`;
    case 'place':
      return `puts the new ${action.use.file} in the place of the old one, which is kept`;
    case 'verify':
      return `asks ${action.members.join(', ')}: synced, and all in one cluster?`;
    case 'meet':
      return `meets ${action.use.name} as a client does`;
  }
}

function words(argv: readonly string[]): string {
  return argv.map(shellWord).join(' ');
}
