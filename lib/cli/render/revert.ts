import type { RevertResult } from '../../actions/revert/revert.ts';
import { renderText } from '../../plan/render/text.ts';
import { firstLines } from '../../text/listed.ts';
import { counted } from '../../text/plural.ts';
import { printableLine } from '../../text/printable.ts';
import type { View } from '../view.ts';

/** Lasting changes that are listed. */
const SHOWN = 20;

/** What the branch changes, what it cannot bring back, and how to go on. */
export function renderRevert(result: RevertResult, view: View): string {
  const { branch, commit, command, files, lasting, operation, plan, shared } = result;
  const lost = [
    `CAUTION: ${counted(lasting.length, 'thing')} that ${operation} destroyed or replaced: data and ids do not come back.`,
    ...firstLines(lasting, SHOWN).map((line) => `  ${line}`),
  ];
  const lines = [
    ...(lasting.length === 0 ? [] : lost),
    ...shared.map(
      (file) => `CAUTION: ${file} was not the same for all of these stacks before ${operation}; look at it.`,
    ),
    `${branch} is at ${commit.slice(0, 10)} and changes ${files.join(', ')}.`,
    command === null ? `Review it: git diff HEAD...${branch}` : `Open the pull request: ${command}`,
  ];
  return `${renderText(plan, { ...view, verbose: false })}\n${lines.map((line) => `${printableLine(line)}\n`).join('')}`;
}
