import { readFile } from 'node:fs/promises';
import { readCommand } from './command.ts';

/** Mount points below a directory, the deepest first, from /proc/self/mountinfo. */
export function mountsBelow(mountinfo: string, directory: string): readonly string[] {
  const points = mountinfo.split('\n').map((line) => unescape(line.split(' ')[4] ?? ''));
  return points.filter((point) => point.startsWith(`${directory}/`)).sort((one, other) => other.length - one.length);
}

/** A recursive removal must never follow a mount: an installation that was killed could have left the machine's /dev. */
export async function unmountBelow(directory: string): Promise<void> {
  for (const point of mountsBelow(await readFile('/proc/self/mountinfo', 'utf8'), directory)) {
    await readCommand(['umount', '--lazy', point]);
  }
}

/** Blanks and backslashes are octal there. */
function unescape(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}
