import type { WriteStream } from 'node:tty';

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
      const cut = all.length <= room ? all : [...all.slice(0, room - 1), `… ${all.length - room + 1} more lines`];
      const lines = cut.map((line) => clip(line, Math.max(20, terminal.columns - 1)));
      // Up to the first line of the last frame, and everything below it away.
      draw(`${height === 0 ? '' : `\u001b[${height}A`}\r\u001b[J${lines.join('\n')}\n`);
      height = lines.length;
    },
  };
}

/** The first so many characters that are seen: a colour takes no room, and ends with the line. */
function clip(line: string, columns: number): string {
  let seen = 0;
  let clipped = '';
  for (const [part] of line.matchAll(/\u001b\[[\d;]*m|./gsu)) {
    const isColour = part.startsWith('\u001b');
    if (!isColour && seen >= columns) continue;
    clipped += part;
    if (!isColour) seen += 1;
  }
  return clipped;
}
