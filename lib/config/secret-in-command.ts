import { isSecretValue } from './secret-value.ts';

interface Program {
  /** Of the program, or of its verb that has these flags. */
  readonly name: RegExp;
  /** Flags whose value follows, as a word of its own or at once. */
  readonly flags: readonly string[];
  /** Whether a value must follow at once, as with `mysql -psecret`, which asks where `-p` stands alone. @default both */
  readonly onlyAttached?: true;
}

/** Programs whose short flags take a password. */
const PROGRAMS: readonly Program[] = [
  { name: /^(?:mysql|mariadb)[a-z-]*$/, flags: ['-p'], onlyAttached: true },
  { name: /^(?:7za?|7zz|rar|unrar)$/, flags: ['-p'], onlyAttached: true },
  { name: /^(?:sshpass|mongosh?|mongodump|mongorestore|mongoexport|mongoimport|cqlsh)$/, flags: ['-p'] },
  { name: /^login$/, flags: ['-p'] },
  { name: /^(?:redis-cli|valkey-cli)$/, flags: ['-a'] },
  { name: /^ldap[a-z]+$/, flags: ['-w'] },
  { name: /^(?:zip|unzip|ipmitool|sqlcmd|bcp)$/, flags: ['-P'] },
  { name: /^nodetool$/, flags: ['-pw'] },
  { name: /^snmp[a-z]+$/, flags: ['-A', '-X'] },
  { name: /^xfreerdp3?$/, flags: ['/p:'], onlyAttached: true },
];

/** Flags that take a user and a password in one word, by what stands between them. */
const USER_AND_PASSWORD: readonly (readonly [flag: RegExp, separator: string])[] = [
  [/^(?:-u|--user|--userpwd|--proxy-user|-U|--auth|--basic|--creds|--credentials)$/, ':'],
  [/^-U$/, '%'],
];

/** Words that end a command within a line of the shell. */
const ENDS = /^(?:\||\|\||&&?|;)$|;$/;
/** Programs that read a password from what is written into them. */
const READS_PASSWORD = /^(?:--password-stdin|--passphrase-fd|chpasswd|--stdin|-S)$/;

/**
 * The words of a command that are a secret by their place: `mysql -psecret`, `curl -u bob:secret`, `echo secret | docker login
 * --password-stdin`.
 * @returns the index of the word; undefined where there is none
 */
export function commandSecret(words: readonly string[]): number | undefined {
  let begin = 0;
  let named: Program[] = [];
  for (const [index, word] of words.entries()) {
    const before = words[index - 1];
    if (isFlagged(named, before, word) || userPassword(before, word)) return index;
    const written = word === '|' ? writtenPassword(words, begin, index) : undefined;
    if (written !== undefined) return written;
    if (ENDS.test(word)) [begin, named] = [index + 1, []];
    else if (index - begin < FIRST_WORDS) named = [...named, ...programsCalled(word)];
  }
  return undefined;
}

/** A program stands at the beginning, after `sudo`, `env` or the program that runs it. */
const FIRST_WORDS = 8;

function programsCalled(word: string): Program[] {
  const base = word.slice(word.lastIndexOf('/') + 1);
  return PROGRAMS.filter(({ name }) => name.test(base));
}

/** @param named programs of the command so far */
function isFlagged(named: readonly Program[], before: string | undefined, word: string): boolean {
  for (const { flags, onlyAttached } of named) {
    const flag = flags.find((each) => word.startsWith(each) && word.length > each.length);
    const isAfterFlag = onlyAttached !== true && before !== undefined && flags.includes(before);
    const secret = isAfterFlag ? word : flag === undefined ? undefined : unquoted(word.slice(flag.length));
    if (secret !== undefined && !secret.startsWith('-') && isSecretValue(secret)) return true;
  }
  // Nobody quotes what stands right after a flag but a password.
  return /^-p(?:'[^'$]+'|"[^"$]+")$/.test(word);
}

/** What `echo` writes into a program that reads a password: `echo secret | docker login --password-stdin`. */
function writtenPassword(words: readonly string[], begin: number, pipe: number): number | undefined {
  if (!/^(?:echo|printf)$/.test(words[begin] ?? '')) return undefined;
  if (!words.slice(pipe + 1, pipe + 16).some((each) => READS_PASSWORD.test(each))) return undefined;
  const isWritten = (each: string) => !each.startsWith('-') && isSecretValue(each) && !/[$`]/.test(each);
  const found = words.slice(begin + 1, pipe).findIndex(isWritten);
  return found < 0 ? undefined : begin + 1 + found;
}

function userPassword(before: string | undefined, word: string): boolean {
  const [, own, attached] = /^(--[a-z-]+)=(.*)$/.exec(word) ?? [];
  const [flag, value] = own === undefined ? [before, word] : [own, unquoted(attached ?? '')];
  if (flag === undefined) return false;
  for (const [pattern, separator] of USER_AND_PASSWORD) {
    if (!pattern.test(flag)) continue;
    const at = value.indexOf(separator);
    const [user, password] = [value.slice(0, at), value.slice(at + 1)];
    // `--user 1000:1000` and `--user www-data:www-data` are a user and a group.
    const isGroup = /^\d{1,5}$/.test(password) || user === password;
    if (at > 0 && isSecretValue(password) && !isGroup && !password.startsWith('//')) return true;
  }
  return false;
}

function unquoted(text: string): string {
  return text.replace(/^(['"])(.*)\1$/, '$2');
}

/** Words of a line of the shell. Quotes around a whole word are left out, those inside are kept. */
export function wordsOf(line: string): string[] {
  const words = line.match(/(?:[^\s"']|"[^"\n]*"|'[^'\n]*'|["'])+/g) ?? [];
  return words.map(unquoted);
}
