import { createHash } from 'node:crypto';

/** Identifiers that look random and are the same in every run with the same seed. */
export class Identifiers {
  readonly #seed: string;
  #count = 0;

  constructor(seed: string) {
    this.#seed = seed;
  }

  hex(length: number): string {
    return this.#draw().toString('hex').slice(0, length);
  }

  /** Capital letters and digits, as CloudFormation ends names with. */
  suffix(length: number): string {
    const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';
    return [...this.#draw().subarray(0, length)].map((byte) => letters[byte % letters.length]).join('');
  }

  uuid(): string {
    const hex = this.hex(32);
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`;
  }

  #draw(): Buffer {
    this.#count += 1;
    return createHash('sha256').update(`${this.#seed}/${this.#count}`).digest();
  }
}
