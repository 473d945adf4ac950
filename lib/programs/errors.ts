import { TandemError } from '../errors/tandem-error.ts';

export function noProgram(path: string): TandemError {
  return new TandemError({
    code: 'no-program',
    message: `there is no folder ${path} in this project`,
    next: 'build the program, or name the folder that has it, relative to the project',
    details: { path },
  });
}

export function emptyProgram(path: string): TandemError {
  return new TandemError({
    code: 'empty-program',
    message: `the folder ${path} has no files`,
    next: 'build the program into it and run the command again',
    details: { path },
  });
}

export function strangeEntry(path: string, name: string, what: string): TandemError {
  return new TandemError({
    code: 'strange-entry',
    message: `${path}/${name} is ${what}, which no archive can hold for another machine`,
    next: 'copy what it stands for into the folder, or remove it',
    details: { path, name },
  });
}

export function programDiffers(path: string, version: string, expected: string, received: string): TandemError {
  return new TandemError({
    code: 'program-differs',
    message: `the files of ${path} are not those of version ${version}: their digest is ${received}, and the configuration says ${expected}`,
    next: `restore the files of version ${version}, or give the new ones another version: \`tandem program pack ${path}\` tells their digest`,
    details: { path, version, expected, received },
  });
}

/** @param key where this content would be @param other the content that the version has */
export function versionTaken(key: string, other: string): TandemError {
  return new TandemError({
    code: 'program-version-taken',
    message: `${key} would give a version of a program another content: it was published as ${other}, and a version never changes`,
    next: 'give the program another version in the configuration of its environment, and deploy again; nothing was changed',
    details: { key, other },
  });
}

export function artefactNotFetched(url: string, kept: string, why: string): TandemError {
  return new TandemError({
    code: 'artefact-not-fetched',
    message: `${url} could not be fetched: ${why}`,
    next: `put that file there as ${kept}, or name a mirror that has it with \`mirrors\` of the cloud or in TANDEM_MIRROR_HASHICORP; then run again`,
    details: { url, kept },
  });
}

export function artefactDiffers(from: string, expected: string, received: string): TandemError {
  return new TandemError({
    code: 'artefact-differs',
    message: `${from} is not what was expected: its SHA-256 is ${received}, not ${expected}`,
    next: 'remove it where it was put by hand, or correct the mirror; nothing was published',
    details: { from, expected, received },
  });
}
