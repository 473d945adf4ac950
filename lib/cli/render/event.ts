import type { ActionEvent } from '../../actions/context.ts';
import { formatProblem } from '../../config/diagnostic.ts';
import type { DeployEvent, StackReport } from '../../deploy/ports.ts';
import { fleetLine } from '../../fleet/look/text.ts';
import { ageOf } from '../../state/lock.ts';
import { duration } from '../../text/duration.ts';
import { counted } from '../../text/plural.ts';
import { printableLine } from '../../text/printable.ts';
import { table } from '../../text/table.ts';
import { progressLine } from './fleet-operation.ts';

type ResourceAction = Extract<DeployEvent, { kind: 'resource' }>['action'];

/** While it goes on, and afterwards. */
const WORDS: Readonly<Record<ResourceAction, readonly [doing: string, done: string]>> = {
  create: ['creating', 'created'],
  update: ['updating', 'updated'],
  delete: ['deleting', 'deleted'],
  read: ['reading', 'read'],
  import: ['importing', 'imported'],
};

/** What goes on with a resource: `creating`. */
export function doing(action: ResourceAction): string {
  return WORDS[action][0];
}

/** An event in words; undefined for those that only the moving line shows. */
export function describeEvent(event: ActionEvent): string | undefined {
  switch (event.kind) {
    case 'progress':
      return undefined;
    case 'fleet':
      return fleetLine(event.report);
    case 'fleet-progress':
      return progressLine(event.progress, event.secondsLeft);
    case 'problem':
      return formatProblem(event.problem);
    case 'operation':
      return `operation ${event.operation}${event.resumes ? ', resumed' : ''}`;
    case 'unfinished': {
      const { id, verb, by, startedAt } = event.operation;
      const fate = event.takesOver ? 'this run finishes it' : 'it stays unfinished, since it has other stacks as well';
      return `operation ${id} (\`${verb}\` by ${by}, ${ageOf({ since: startedAt })} ago) was interrupted; ${fate}`;
    }
    case 'waiting-for-lock': {
      const { stack, owner, verb } = event.holder;
      return `${stack} is locked by ${owner}, which has been running \`${verb}\` for ${ageOf(event.holder)}; waiting`;
    }
    case 'stack':
      return describeStack(event);
    case 'report':
      return describeReport(event.stacks);
    case 'forecast':
      return event.known === 0 ? undefined : `about ${duration(event.seconds)} to go, as earlier runs took`;
    case 'resource':
      if (event.phase === 'failed') return `  ${event.stack} ${event.address}: failed after ${duration(event.seconds)}`;
      return event.phase === 'done'
        ? `  ${event.stack} ${event.address}: ${WORDS[event.action][1]} in ${duration(event.seconds)}`
        : undefined;
    case 'retry':
      return `${event.stack}: ${event.reason}; attempt ${event.attempt + 1} in ${duration(event.delaySeconds)}`;
    case 'api-retry':
      return `${event.reason}; attempt ${event.attempt + 1} in ${event.delaySeconds.toFixed(1)} s`;
    case 'message':
      return event.stack === undefined ? event.text : `${event.stack}: ${event.text}`;
  }
}

function describeStack(event: Extract<DeployEvent, { kind: 'stack' }>): string | undefined {
  if (event.phase === 'planned') return undefined;
  const took = event.seconds >= 1 ? ` after ${duration(event.seconds)}` : '';
  return `${event.stack}: ${event.phase}${took}${event.reason === undefined ? '' : `: ${event.reason}`}`;
}

/** What became of each stack, a line each. */
function describeReport(stacks: readonly StackReport[]): string {
  const rows = stacks.map(({ id, outcome, seconds, changes, reason }) => {
    const isIdle = outcome === 'unchanged' || outcome === 'skipped' || outcome === 'failed';
    const note = isIdle ? (reason ?? '') : doneText(changes, seconds);
    return [outcome === 'skipped' ? 'not begun' : outcome, id, printableLine(note.replace(/\s+/g, ' '))];
  });
  return ['what became of each stack:', ...table(rows)].join('\n');
}

function doneText(changes: number, seconds: number): string {
  return `${counted(changes, 'change')} in ${duration(seconds)}`;
}
