import { TandemError } from '../errors/tandem-error.ts';

export function packerMissing(folder: string): TandemError {
  return new TandemError({
    code: 'packer-missing',
    message: `there is no Packer on this machine; its files are in ${folder}`,
    next: 'install Packer (Debian has it as `packer`), or only write the files with --write-only',
    details: { folder },
  });
}

export function packerFailed(step: 'validate' | 'build', image: string, log: string, end: string): TandemError {
  return new TandemError({
    code: 'packer-failed',
    message: `packer ${step} of ${image} ended with an error; ${log} ends with:\n${end}`,
    next: 'correct what Packer names, and run the same command again',
    details: { step, image, log },
  });
}
