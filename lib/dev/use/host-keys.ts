/** Types of host keys that cloud-init makes and OpenSSH takes by default. */
const KEY = /(?:^|\s)((?:ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp(?:256|384|521)) [A-Za-z0-9+/]{40,}={0,3})(?=\s|$)/;
const BEGIN = 'BEGIN SSH HOST KEY KEYS';
const END = 'END SSH HOST KEY KEYS';

/**
 * The public host keys that cloud-init prints on a server's console when it first starts, the last ones where it did so again. Empty where
 * the console does not have them: another image, or a log that was cut since. Pure.
 */
export function hostKeysIn(console: string): string[] {
  const lines = console.split(/\r?\n/);
  const begin = lines.findLastIndex((line) => line.includes(BEGIN));
  if (begin < 0) return [];
  const end = lines.findIndex((line, at) => at > begin && line.includes(END));
  // One that was not written to its end may be half a key.
  if (end < 0) return [];
  const keys = lines.slice(begin + 1, end).flatMap((line) => KEY.exec(line)?.[1] ?? []);
  return [...new Set(keys)];
}

/** Lines of `known_hosts` by alias: those of a server that is known anew replace its earlier ones, all others stay. Pure. */
export function withHostKeys(text: string, alias: string, keys: readonly string[]): string {
  const others = text.split('\n').filter((line) => line !== '' && !line.startsWith(`${alias} `));
  return [...others, ...keys.map((key) => `${alias} ${key}`)].map((line) => `${line}\n`).join('');
}

/** Whether `known_hosts` has a key of a server. Pure. */
export function isKnown(text: string, alias: string): boolean {
  return text.split('\n').some((line) => line.startsWith(`${alias} `));
}
