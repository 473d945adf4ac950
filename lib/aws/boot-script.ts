/** A file of a machine. */
export interface BootFile {
  readonly path: string;
  readonly content: string;
  readonly isProgram?: boolean;
}

/** A script of the first boot. */
export interface BootScript {
  /** Commands that make users and folders. */
  readonly before: readonly string[];
  readonly files: readonly BootFile[];
  /** Commands that start units. */
  readonly after: readonly string[];
}

/** Most bytes of user data (AWSEC2/latest/UserGuide/instancedata-add-user-data.html). */
export const USER_DATA_LIMIT = 16_384;

/** User data as a bash script: the same bytes for the same files. */
export function bootScript({ before, files, after }: BootScript): string {
  const [programs, others] = [files.filter((each) => each.isProgram), files.filter((each) => !each.isProgram)];
  const isUnit = ({ path }: BootFile): boolean => path.startsWith('/etc/systemd/') || path.startsWith('/etc/logrotate');
  return [
    '#!/bin/bash',
    'set -euo pipefail',
    ...before,
    ...others.filter((each) => !isUnit(each)).map(file),
    ...programs.map(file),
    `chmod 0755 ${programs.map(({ path }) => path).join(' ')}`,
    ...others.filter(isUnit).map(file),
    'systemctl daemon-reload',
    ...after,
    '',
  ].join('\n');
}

/** A quoted here-document: nothing in the content is expanded. */
function file({ path, content }: BootFile): string {
  return `cat > ${path} <<'END_OF_FILE'\n${content}END_OF_FILE`;
}
