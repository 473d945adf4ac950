import type { DeployEvent } from '../deploy/ports.ts';
import { ageOf } from '../state/lock.ts';
import { duration } from '../text/duration.ts';
import type { TandemContext } from './context.ts';

const DONE = { create: 'created', update: 'updated', delete: 'deleted', read: 'read', import: 'taken over' } as const;
const DOING = {
  create: 'creating',
  update: 'updating',
  delete: 'deleting',
  read: 'reading',
  import: 'taking over',
} as const;

/** What an operation does, a line for each thing done, on stderr; on a terminal also one line of what goes on, with a predicted finish. */
export function deployProgress(context: TandemContext): { emit(event: DeployEvent): void; end(): void } {
  const { stderr } = context.process;
  const started = performance.now();
  const working = new Map<string, string>();
  let finish: number | undefined;
  let shown = false;

  const clear = (): void => {
    if (shown) context.log('\r\u001b[K');
    shown = false;
  };
  const say = (line: string): void => {
    clear();
    context.log(`${line}\n`);
  };
  const draw = (): void => {
    if (!stderr.isTTY || working.size === 0) return;
    const elapsed = (performance.now() - started) / 1000;
    const left =
      finish === undefined
        ? ''
        : finish > elapsed
          ? `, about ${duration(finish - elapsed)} left`
          : ', longer than usual';
    const first = [...working.values()].slice(0, 2).join(', ');
    const line = `${first}${working.size > 2 ? ` and ${working.size - 2} more` : ''} (${duration(elapsed)}${left})`;
    context.log(`\r\u001b[K${line.slice(0, Math.max(20, stderr.columns - 1))}`);
    shown = true;
  };
  const timer = setInterval(draw, 500).unref();

  return {
    emit(event) {
      if (event.kind === 'forecast') finish = (performance.now() - started) / 1000 + event.seconds;
      if (event.kind === 'resource') {
        const key = `${event.stack} ${event.address}`;
        if (event.phase === 'start') working.set(key, `${DOING[event.action]} ${event.address}`);
        if (event.phase === 'done' || event.phase === 'failed') working.delete(key);
      }
      const line = describe(event);
      if (line !== undefined) say(line);
    },
    end() {
      clearInterval(timer);
      clear();
    },
  };
}

/** An event in words; undefined for those that only the moving line shows. */
function describe(event: DeployEvent): string | undefined {
  switch (event.kind) {
    case 'operation':
      return `operation ${event.operation}${event.resumes ? ', resumed' : ''}`;
    case 'unfinished': {
      const { id, verb, by, startedAt } = event.operation;
      const fate = event.takesOver ? 'this run finishes it' : 'it stays unfinished, since it has other stacks as well';
      return `operation ${id} (\`${verb}\` by ${by}, ${ageOf({ since: startedAt })} ago) was interrupted; ${fate}`;
    }
    case 'waiting-for-lock':
      return `${event.holder.stack} is locked by ${event.holder.owner}, who runs \`${event.holder.verb}\` since ${ageOf(event.holder)}; waiting`;
    case 'stack':
      return describeStack(event);
    case 'forecast':
      return event.known === 0 ? undefined : `about ${duration(event.seconds)} to go, as earlier runs took`;
    case 'resource':
      if (event.phase === 'failed') return `  ${event.stack} ${event.address}: failed after ${duration(event.seconds)}`;
      return event.phase === 'done'
        ? `  ${event.stack} ${event.address}: ${DONE[event.action]} in ${duration(event.seconds)}`
        : undefined;
    case 'retry':
      return `${event.stack}: ${event.reason}; attempt ${event.attempt + 1} in ${duration(event.delaySeconds)}`;
    case 'message':
      return `${event.stack}: ${event.text}`;
  }
}

function describeStack(event: Extract<DeployEvent, { kind: 'stack' }>): string | undefined {
  if (event.phase === 'planned') return undefined;
  const took = event.seconds >= 1 ? ` after ${duration(event.seconds)}` : '';
  return `${event.stack}: ${event.phase}${took}${event.reason === undefined ? '' : `: ${event.reason}`}`;
}
