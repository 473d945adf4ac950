import { wordsOf } from './log.ts';
import type { Clock, LogLine, LogSink } from './ports.ts';

const EVERY_MS = 5000;
/** PutLogEvents takes 10,000 lines or 1 MiB, each with 26 bytes more: API_PutLogEvents.html */
const MOST_LINES = 5000;
const MOST_BYTES = 900_000;
/** What is not sent by then is left out, the oldest first: a file on the instance has it. */
const MOST_WAITING = 20_000;

/** Sends what the agent logs, some seconds later and in batches; holds nothing up, and never fails. */
export class LogShipper {
  readonly #clock: Clock;
  readonly #write: (line: string) => void;
  #waiting: LogLine[] = [];
  #left = 0;
  #sink: LogSink | undefined;

  /** @param write where every line goes at once */
  constructor(clock: Clock, write: (line: string) => void) {
    this.#clock = clock;
    this.#write = write;
  }

  readonly line = (text: string): void => {
    this.#write(text);
    this.#waiting.push({ at: this.#clock.now(), text: text.trimEnd() });
    this.#left += Math.max(0, this.#waiting.length - MOST_WAITING);
    if (this.#waiting.length > MOST_WAITING) this.#waiting = this.#waiting.slice(-MOST_WAITING);
  };

  /** Until the signal is aborted, then what is left. */
  async run(sink: LogSink, signal: AbortSignal): Promise<void> {
    this.#sink = sink;
    while (!signal.aborted) {
      await this.#clock.sleep(EVERY_MS, signal);
      await this.flush();
    }
  }

  async flush(): Promise<void> {
    while (this.#sink !== undefined && this.#waiting.length > 0) {
      const batch = this.#batch();
      try {
        await this.#sink.put(batch);
        this.#waiting.splice(0, batch.length);
      } catch (error) {
        // Not logged as others are: that would be one line more to send.
        this.#write(`${JSON.stringify({ level: 'warn', message: 'log not sent', why: wordsOf(error) })}\n`);
        return;
      }
    }
    if (this.#left > 0) {
      this.#write(`${JSON.stringify({ level: 'warn', message: 'log lines were left out', count: this.#left })}\n`);
      this.#left = 0;
    }
  }

  #batch(): readonly LogLine[] {
    let bytes = 0;
    const end = this.#waiting.findIndex(({ text }, index) => {
      bytes += Buffer.byteLength(text) + 26;
      return index >= MOST_LINES || (index > 0 && bytes > MOST_BYTES);
    });
    return this.#waiting.slice(0, end === -1 ? undefined : end);
  }
}
