import type { TandemContext } from './context.ts';

/** Nothing is shown of work that takes less. */
const PATIENCE_MS = 1000;
const INTERVAL_MS = 200;

/** One line on a terminal's stderr, rewritten as work goes on, with a predicted finish. Silent elsewhere and for quick work. */
export function progressOf(
  context: TandemContext,
  what: string,
): { update(done: number, total: number): void; end(): void } {
  const { stderr } = context.process;
  const started = performance.now();
  let shown = 0;
  return {
    update(done, total) {
      const now = performance.now();
      if (!stderr.isTTY || now - started < PATIENCE_MS || now - shown < INTERVAL_MS) return;
      shown = now;
      const seconds = Math.ceil(((now - started) / 1000) * (total / Math.max(done, 1) - 1));
      context.log(`\r\u001b[K${what}: ${done} of ${total}, about ${seconds} s left`);
    },
    end() {
      if (shown > 0) context.log('\r\u001b[K');
    },
  };
}
