import type { Problem } from '../../../config/diagnostic.ts';
import { type SarifContext, sarifText } from './log.ts';

/** Problems of the configuration for code scanning, each at its place. */
export function renderProblemsSarif(problems: readonly Problem[], context: SarifContext): string {
  const results = problems.map(({ code, severity, file, line, column, path, message, fix }) => ({
    rule: code,
    level: severity,
    message: `${path === '' ? '' : `${path}: `}${message}${fix === '' ? '' : `; ${fix}`}`,
    at: { file, line, column },
  }));
  return sarifText({ ...context, kind: 'tandem/validate', rules: {}, results });
}
