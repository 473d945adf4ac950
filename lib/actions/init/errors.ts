import type { Problem } from '../../config/diagnostic.ts';
import { TandemError } from '../../errors/tandem-error.ts';

export function initialAnswerMissing(flag: string): TandemError {
  return new TandemError({
    code: 'init-answer-missing',
    message: `no value is given for --${flag}, and nobody can be asked`,
    next: `name it: --${flag} VALUE; \`tandem init --help\` shows an example`,
    details: { flag },
  });
}

export function initialAnswerInvalid({ path, message, fix }: Problem): TandemError {
  return new TandemError({
    code: 'init-answer-invalid',
    message: `a project from these answers would not validate: ${path}: ${message}`,
    next: fix,
    details: { path },
  });
}

export function wouldOverwrite(folder: string, files: readonly string[]): TandemError {
  return new TandemError({
    code: 'init-would-overwrite',
    message: `${folder} has ${files.join(', ')} already; nothing was written`,
    next: 'move those files away, and compare them with what is written then; for another project, choose an empty folder',
    details: { files },
  });
}
