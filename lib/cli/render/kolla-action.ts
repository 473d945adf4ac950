import type { RestoreAction } from '../../private-cloud/backup/restore.ts';
import type { RotationAction } from '../../private-cloud/certificates/rotate.ts';

/** What an action does, as people would type it or say it. */
export function actionLine(action: RestoreAction | RotationAction): string {
  if (action.kind === 'play') {
    const { verb, tags, limit, extra = [] } = action.play;
    const scope = [
      ...(tags.length > 0 ? ['--tags', tags.join(',')] : []),
      ...(limit.length > 0 ? ['--limit', limit.join(',')] : []),
    ];
    return `$ ${['kolla-ansible', verb, ...extra, ...scope].map(word).join(' ')}`;
  }
  if (action.kind === 'command') {
    const { host, container, argv } = action.command;
    return `${container === undefined ? host : `${host}, ${container}`}$ ${argv.map(word).join(' ')}`;
  }
  if (action.kind === 'send') return `decrypts ${action.backup} into ${action.path} of ${action.host}`;
  if (action.kind === 'place') return `puts the new ${action.use.file} in the place of the old one, which is kept`;
  if (action.kind === 'verify') return `asks ${action.members.join(', ')}: synced, and all in one cluster?`;
  return `meets ${action.use.name} as a client does`;
}

function word(text: string): string {
  return /^[\w./:,@={}-]+$/.test(text) ? text : `'${text.replaceAll("'", `'"'"'`)}'`;
}
