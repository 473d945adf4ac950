import { randomBytes } from 'node:crypto';
import pc from 'picocolors';
import type { Colors } from 'picocolors/types.js';
import { printable } from '../text/printable.ts';

/** Stands for ESC in what Tandem itself colours, until it is written: no text from elsewhere can hold it. */
const MARK = `\uFDD0${randomBytes(9).toString('base64url')}\uFDD0`;

/** Colours whose sequences reach the terminal through `written`, and only those. */
export function paints(isColorful: boolean): Colors {
  const plain = pc.createColors(isColorful);
  if (!isColorful) return plain;
  const marked = Object.entries(plain).map(([name, paint]: [string, boolean | Paint]) => [
    name,
    typeof paint === 'function' ? markedPaint(paint) : paint,
  ]);
  return Object.fromEntries(marked) as Colors;
}

type Paint = Colors['red'];

function markedPaint(paint: Paint): Paint {
  const [open = '', close = ''] = paint('|')
    .split('|')
    .map((part) => part.replaceAll('\u001b', MARK));
  // Inside of it, the same colour may have ended.
  return (text) => `${open}${String(text).replaceAll(close, `${close}${open}`)}${close}`;
}

/** Text as it is written to people: Tandem's own colours, and all other control characters made visible. */
export function written(text: string): string {
  return text.split(MARK).map(printable).join('\u001b');
}

/** The same where other lines follow: what a message quotes cannot begin a line of its own. */
export function writtenMessage(text: string): string {
  return written(text).replaceAll('\n', '\n  ');
}
