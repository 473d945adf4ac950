import { TandemError } from '../../errors/tandem-error.ts';

export function notAPlan(file: string, why: string): TandemError {
  return new TandemError({
    code: 'not-a-plan',
    message: `${file} holds no plan: ${why}`,
    next: 'write it with `tandem plan --json`, of the same version of Tandem',
    details: { file },
  });
}
