import { randomInt } from 'node:crypto';

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const CHARACTERS = `${LETTERS}0123456789`;

/** Letters and digits, almost six bits each. A letter comes first: AWS takes no key of a tunnel that begins with 0. */
export function randomText(length: number): string {
  const rest = Array.from({ length: length - 1 }, () => CHARACTERS.charAt(randomInt(CHARACTERS.length)));
  return `${LETTERS.charAt(randomInt(LETTERS.length))}${rest.join('')}`;
}
