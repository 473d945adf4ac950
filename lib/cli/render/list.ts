import type { ListedStack } from '../../deploy/list.ts';
import { describeTarget } from '../../stack/target.ts';
import { ageOf } from '../../state/lock.ts';
import { minuteOf } from '../../text/duration.ts';
import { asLines } from '../../text/lines.ts';
import { table } from '../../text/table.ts';

export function renderList(stacks: readonly ListedStack[]): string {
  const rows = stacks.map(({ id, state, applied, lockedBy, unfinished, target }) => [
    id,
    state,
    applied === null
      ? ''
      : `${minuteOf(applied.at)} by ${applied.by}${applied.commit === '' ? '' : ` at ${applied.commit.slice(0, 10)}`}`,
    lockedBy === null
      ? unfinished === null
        ? ''
        : `unfinished: ${unfinished}`
      : `${lockedBy.owner} runs ${lockedBy.verb} (${ageOf(lockedBy)})`,
    describeTarget(target),
  ]);
  const left = stacks.flatMap((stack) => stack.left.map((each) => ({ ...each, id: stack.id })));
  const told = left.map(({ id, version, text }) => `${id} was ${text}: \`tandem state show ${id} ${version}\``);
  return asLines([...table(rows), ...(told.length === 0 ? [] : ['', ...told])]);
}
