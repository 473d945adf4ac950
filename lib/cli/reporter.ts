import type { WriteStream } from 'node:tty';
import type { Colors } from 'picocolors/types.js';
import type { ActionEvent, ProgressEvent } from '../actions/context.ts';
import { fleetText } from '../fleet/look/text.ts';
import { duration } from '../text/duration.ts';
import { cut, fit } from '../text/fit.ts';
import { firstOf } from '../text/listed.ts';
import { printableLine } from '../text/printable.ts';
import { liveFrame } from './live-frame.ts';
import { paints, written, writtenMessage } from './paint.ts';
import { describeEvent, doing } from './render/event.ts';
import { progressLine } from './render/fleet-operation.ts';

/** Counted work that takes less shows nothing. */
const PATIENCE_MS = 1000;
/** Between two drawings of the moving line. */
const COUNTED_MS = 200;
const RESOURCES_MS = 500;
/** Between two lines of what goes on without news. */
const SPARING_SECONDS = 30;

/** Tells on stderr how far an action is. */
export interface Reporter {
  emit(event: ActionEvent): void;
  /** Takes the moving line away while somebody is asked; that time does not count. */
  suspend<T>(work: () => Promise<T>): Promise<T>;
  end(): void;
}

/**
 * A line for each thing done; on a terminal also one moving line of what goes on, with a predicted finish. Elsewhere counted work is
 * silent.
 */
export function openReporter(
  terminal: Pick<WriteStream, 'isTTY' | 'columns' | 'rows'>,
  draw: (text: string) => void,
  colors: Colors = paints(false),
): Reporter {
  const frame = liveFrame(terminal, draw);
  const clock = openClock();
  const working = new Map<string, string>();
  /** Of an operation on several: whether each is through. */
  const stacks = new Map<string, boolean>();
  let fleet: string | undefined;
  const isWorthALine = sparing(clock);
  let counted: { readonly event: ProgressEvent; readonly since: number } | undefined;
  let finish: number | undefined;
  let drawnAt = Number.NEGATIVE_INFINITY;
  let isShown = false;
  let timer: NodeJS.Timeout | undefined;

  const clear = (): void => {
    if (isShown) draw('\r\u001b[K');
    isShown = false;
  };
  const movingLine = (): string | undefined => {
    const now = clock.seconds();
    if (working.size > 0) return `${stacksThrough(stacks)}${resourceLine([...working.values()], now, finish)}`;
    if (fleet !== undefined) return `${fleet} (${duration(now)})`;
    if (counted === undefined || (now - counted.since) * 1000 < PATIENCE_MS) return undefined;
    return countedLine(counted.event, now - counted.since);
  };
  const drawLine = (): void => {
    const line = terminal.isTTY && clock.isRunning() ? movingLine() : undefined;
    if (line === undefined) return;
    drawnAt = clock.seconds();
    draw(`\r\u001b[K${cut(printableLine(line), 0, Math.max(20, terminal.columns - 1))}`);
    isShown = true;
  };
  const count = (event: ProgressEvent): void => {
    if (event.done >= event.total) {
      counted = undefined;
      clear();
      return;
    }
    counted = { event, since: counted?.event.what === event.what ? counted.since : clock.seconds() };
    if ((clock.seconds() - drawnAt) * 1000 >= COUNTED_MS) drawLine();
  };

  return {
    emit(event) {
      if (event.kind === 'progress') {
        count(event);
        return;
      }
      if (event.kind === 'fleet' && terminal.isTTY) {
        const { columns } = terminal;
        frame.show(written(fleetText(event.report, { colors, columns })));
        return;
      }
      if (event.kind === 'fleet-progress') {
        fleet = progressLine(event.progress, event.secondsLeft);
        if (terminal.isTTY) drawLine();
        if (terminal.isTTY || !isWorthALine(event)) return;
      }
      if (event.kind === 'operation') for (const id of event.stacks) stacks.set(id, false);
      if (event.kind === 'stack' && ENDED.has(event.phase)) stacks.set(event.stack, true);
      if (event.kind === 'forecast') finish = clock.seconds() + event.seconds;
      if (event.kind === 'resource') {
        timer ??= setInterval(drawLine, RESOURCES_MS).unref();
        const key = `${event.stack} ${event.address}`;
        if (event.phase === 'start') working.set(key, `${doing(event.action)} ${event.address}`);
        if (event.phase === 'done' || event.phase === 'failed') working.delete(key);
      }
      const line = describeEvent(event);
      if (line === undefined) return;
      clear();
      const message = writtenMessage(line);
      draw(`${terminal.isTTY ? fit(message, terminal.columns) : message}\n`);
    },
    async suspend(work) {
      clear();
      return await clock.without(work);
    },
    end() {
      clearInterval(timer);
      timer = undefined;
      working.clear();
      fleet = undefined;
      counted = undefined;
      clear();
    },
  };
}

/** Where nothing moves, an operation on a fleet is told of when it does something new, and each half minute. */
function sparing(clock: { seconds(): number }) {
  let [toldAt, told] = [Number.NEGATIVE_INFINITY, ''];
  return ({ progress }: Extract<ActionEvent, { kind: 'fleet-progress' }>): boolean => {
    const what = `${progress.stage} ${progress.failed} ${progress.pause ?? ''}`;
    if (what === told && clock.seconds() - toldAt < SPARING_SECONDS) return false;
    [toldAt, told] = [clock.seconds(), what];
    return true;
  };
}

/** Phases after which a stack is through. */
const ENDED: ReadonlySet<string> = new Set(['done', 'unchanged', 'failed', 'skipped']);

function stacksThrough(stacks: ReadonlyMap<string, boolean>): string {
  const through = [...stacks.values()].filter(Boolean).length;
  return stacks.size < 2 ? '' : `${through} of ${stacks.size} stacks through, `;
}

/** Seconds of work since it was opened: those of a question are none. */
function openClock() {
  const started = performance.now();
  let paused = 0;
  let pausedAt: number | undefined;
  return {
    seconds: (): number => ((pausedAt ?? performance.now()) - started - paused) / 1000,
    isRunning: (): boolean => pausedAt === undefined,
    async without<T>(work: () => Promise<T>): Promise<T> {
      pausedAt = performance.now();
      try {
        return await work();
      } finally {
        paused += performance.now() - pausedAt;
        pausedAt = undefined;
      }
    },
  };
}

function resourceLine(working: readonly string[], now: number, finish: number | undefined): string {
  const isLate = finish !== undefined && finish <= now;
  const left = finish === undefined ? '' : isLate ? ', longer than usual' : `, about ${duration(finish - now)} left`;
  // Before the names, which a narrow terminal cuts.
  return `${duration(now)}${left}: ${firstOf(working, 2)}`;
}

function countedLine({ what, done, total }: ProgressEvent, seconds: number): string {
  const left = done === 0 ? '' : `, about ${duration(seconds * (total / done - 1))} left`;
  return `${what}: ${done} of ${total}${left}`;
}
