import { TandemError } from '../../errors/tandem-error.ts';

export function notSarif(file: string, why: string): TandemError {
  return new TandemError({
    code: 'not-sarif',
    message: `${file} is no log in SARIF 2.1.0: ${why}`,
    next: 'have the program write SARIF (checkov: `--output sarif`; cfn-lint and Trivy: `--format sarif`), and name that file',
    details: { file },
  });
}
