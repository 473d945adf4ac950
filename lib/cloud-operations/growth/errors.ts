import { TandemError } from '../../errors/tandem-error.ts';

export function growImpossible(cloud: string, to: string, why: string): TandemError {
  return new TandemError({
    code: 'grow-impossible',
    message: `${cloud} cannot become ${to}: ${why}`,
    next: `change config/clouds/${cloud}.yaml, or choose another layout`,
    details: { cloud, to },
  });
}

export function growStepFailed(cloud: string, to: string, step: string, why: string, log: string): TandemError {
  return new TandemError({
    code: 'grow-step-failed',
    message: `${cloud}: step "${step}" failed: ${why}`,
    next: `read ${log}, fix the cause, then run \`tandem cloud grow ${cloud} --to ${to} --execute\` again: it resumes with this step`,
    details: { cloud, step },
  });
}
