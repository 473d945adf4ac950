import { TandemError } from '../errors/tandem-error.ts';

/** What a fault of the system is about. */
export interface Place {
  /** `/srv/acme/.tandem/record/x.json (on /srv)`, or `a file` where the system does not say which. */
  readonly text: string;
  readonly path?: string;
  /** Where its file system is mounted. */
  readonly mount?: string;
}

export function folderNotTrusted(folder: string, why: string, next: string): TandemError {
  return new TandemError({
    code: 'folder-not-trusted',
    message: `${folder} ${why}; what others can write there is not believed`,
    next,
    details: { folder },
  });
}

export function linkNotFollowed(path: string): TandemError {
  return new TandemError({
    code: 'link-not-followed',
    message: `${path} is a symbolic link, where Tandem keeps files of its own`,
    next: 'see where it leads, and put the folder or file itself in its place; or remove the link, and Tandem makes a new one',
    details: { path },
  });
}

export function diskFull(place: Place): TandemError {
  return new TandemError({
    code: 'disk-full',
    message: `${place.text} could not be written: no space is left on its file system`,
    next: `free space there (\`df -h\` and \`df -i\` show blocks and inodes), then run the command again`,
    details: { ...place },
  });
}

export function quotaExceeded(place: Place): TandemError {
  return new TandemError({
    code: 'disk-quota-exceeded',
    message: `${place.text} could not be written: the disk quota of this user is used up`,
    next: 'remove files, or have the quota raised (`quota -s` shows it), then run the command again',
    details: { ...place },
  });
}

export function readOnlyFileSystem(place: Place): TandemError {
  return new TandemError({
    code: 'read-only-file-system',
    message: `${place.text} could not be written: its file system is read-only`,
    next: 'mount it for writing (after an error of the disk, the kernel makes it read-only: see `dmesg`), or work in another folder (--project DIR)',
    details: { ...place },
  });
}

export function tooManyOpenFiles(place: Place): TandemError {
  return new TandemError({
    code: 'too-many-open-files',
    message: `${place.text} could not be opened: too many files are open`,
    next: 'raise the limit (`ulimit -n 4096`; `sysctl fs.file-max` for the whole machine), or lower --parallelism, then run the command again',
    details: { ...place },
  });
}

export function notPermitted(place: Place): TandemError {
  return new TandemError({
    code: 'file-not-permitted',
    message: `${place.text} could not be read or written: permission is denied`,
    next: 'give this user access to it (`ls -ld` shows owner and mode; an earlier run as another user, such as root, may have made it), then run the command again',
    details: { ...place },
  });
}

export function diskFailed(place: Place): TandemError {
  return new TandemError({
    code: 'disk-failed',
    message: `${place.text} could not be read or written: the disk reports an error`,
    next: 'see `dmesg`; restore the file from a backup, or work on another disk',
    details: { ...place },
  });
}
