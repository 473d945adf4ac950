import { formatProblem, type Problem } from '../../config/diagnostic.ts';
import { asLines } from '../../text/lines.ts';
import { counted } from '../../text/plural.ts';

/** Problems of the configuration, one a line, and how many there are. */
export function renderProblems(problems: readonly Problem[]): string {
  const { length } = problems;
  const total = length === 0 ? 'The configuration is valid.' : `${counted(length, 'problem')}.`;
  return asLines([...problems.map(formatProblem), total]);
}
