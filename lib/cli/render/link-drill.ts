import type { CaseResult } from '../../link/drill/run.ts';
import { table } from '../../text/table.ts';
import type { View } from '../view.ts';

/** One line a case: what was predicted, what was seen, what it should be. */
export function renderLinkDrill(cases: readonly CaseResult[], { colors }: View): string {
  const rows = cases.map((each) => [
    each.name,
    shown(each, each.predicted),
    each.seen.map((value) => shown(each, value)).join(', '),
    each.goal === null
      ? 'bounded by detection'
      : `${each.measure === 'speed' ? 'at least' : 'at most'} ${shown(each, each.goal)}`,
    verdict(each),
  ]);
  const faults = cases.flatMap(({ name, faults: found }) => found.map((fault) => colors.red(`${name}: ${fault}`)));
  return [
    ...table(rows, { head: ['case', 'predicted', 'seen', 'goal', 'verdict'], right: [] }),
    '',
    ...faults,
    '',
  ].join('\n');
}

function shown({ measure }: CaseResult, value: number): string {
  if (measure === 'seconds' || measure === 'writes') return `${value.toFixed(2)} s`;
  if (measure === 'speed') return `${Math.round(100 * value)} % of the speed`;
  return `${value} lost`;
}

function verdict({ reached, asPredicted, faults }: CaseResult): string {
  if (faults.length > 0) return 'FAILED';
  if (!reached) return 'over the goal';
  return asPredicted ? 'as predicted' : 'not as predicted';
}
