import type { Problem } from './diagnostic.ts';
import type { Origin } from './origin.ts';

/**
 * The problems of a file with its own questions where values are missing: `open: { hardware.compute.vcpus: … }` says what is to be found
 * out. A question whose value is written is told too.
 */
export function withOpenChoices(
  value: Readonly<Record<string, unknown>>,
  problems: readonly Problem[],
  origin: Origin,
): Problem[] {
  const { open } = value;
  if (typeof open !== 'object' || open === null || Array.isArray(open)) return [...problems];
  const questions = new Map(
    Object.entries(open).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
  const asked = problems.map((problem): Problem => {
    const question = problem.code === 'missing-key' ? questions.get(problem.path) : undefined;
    return question === undefined ? problem : { ...problem, code: 'open-choice', message: `it is open: ${question}` };
  });
  const answered = [...questions.keys()].filter((path) => origin.at(...path.split('.')).isWritten);
  const notes = answered.map((path) => {
    const message = `got a question about ${path}, which has a value by now`;
    return origin
      .at('open', path)
      .problem('answered-choice', message, 'remove the line', { key: true, severity: 'warning' });
  });
  return [...asked, ...notes];
}
