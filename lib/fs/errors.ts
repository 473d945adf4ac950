import { TandemError } from '../errors/tandem-error.ts';

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
