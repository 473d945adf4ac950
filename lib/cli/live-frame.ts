import type { WriteStream } from 'node:tty';
import { cut } from '../text/fit.ts';

export interface LiveFrame {
  /** Draws text in the place of what was drawn before; what does not fit is cut, and said. */
  show(text: string): void;
}

/** Several lines on a terminal that are drawn anew, as often as somebody looks again. @param draw - Writes as it is */
export function liveFrame(terminal: Pick<WriteStream, 'columns' | 'rows'>, draw: (text: string) => void): LiveFrame {
  let height = 0;
  return {
    show(text) {
      const room = Math.max(4, terminal.rows - 1);
      const all = text.replace(/\n$/, '').split('\n');
      const shown = all.length <= room ? all : [...all.slice(0, room - 1), `… ${all.length - room + 1} more lines`];
      const lines = shown.map((line) => cut(line, 0, Math.max(20, terminal.columns - 1)));
      // Up to the first line of the last frame, and everything below it away.
      draw(`${height === 0 ? '' : `\u001b[${height}A`}\r\u001b[J${lines.join('\n')}\n`);
      height = lines.length;
    },
  };
}
