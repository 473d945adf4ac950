import type { LinkBed } from './bed.ts';
import { until } from './until.ts';

interface Line {
  readonly kind: 'ping' | 'session' | 'question' | 'write' | 'read' | 'end';
  /** Seconds of the clock. */
  readonly at?: number;
  readonly ok?: boolean;
  readonly number?: number;
  readonly sent?: number;
  readonly back?: number;
  readonly failure?: string | null;
}

/** A program of the image that sends until it is ended, and says a line of JSON for each request. */
export class Client {
  readonly #bed: LinkBed;
  readonly #unit: string;
  readonly #file: string;

  /** @param words after the name of the file that it writes */
  static async begin(
    bed: LinkBed,
    facts: {
      readonly unit: string;
      readonly room: 'tenant' | 'vpc';
      readonly program: string;
      readonly words: readonly string[];
    },
  ): Promise<Client> {
    const client = new Client(bed, facts.unit);
    const program = ['python3', `/usr/share/tandem-lab/${facts.program}`, client.#file, ...facts.words];
    await bed.background(client.#unit, facts.room, program);
    // Its first requests are answered before anything is broken.
    await until('traffic passes', async () => (await client.lines()).filter(({ ok }) => ok === true).length > 10);
    return client;
  }

  private constructor(bed: LinkBed, unit: string) {
    this.#bed = bed;
    this.#unit = unit;
    this.#file = `/run/tandem-lab/${unit}.jsonl`;
  }

  /** All that it said, when what was on its way is back or lost. */
  async end(): Promise<readonly Line[]> {
    await this.#bed.aws.exec(['systemctl', 'kill', '--signal=TERM', this.#unit]);
    await until('the client ends', async () => (await this.lines()).some(({ kind }) => kind === 'end'), 90);
    return this.lines();
  }

  async lines(): Promise<readonly Line[]> {
    const text = await this.#bed.aws.must(['sh', '-c', `cat ${this.#file} 2>/dev/null || true`]);
    // The last line may be half written.
    return text
      .slice(0, text.lastIndexOf('\n') + 1)
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Line);
  }
}

/** Requests of one kind, in the order in which they were sent. */
export function sentOf(lines: readonly Line[], wanted: Line['kind']) {
  return lines
    .flatMap(({ kind, at = 0, ok = false }) => (kind === wanted ? [{ at, ok }] : []))
    .sort((a, b) => a.at - b.at);
}

/** Numbers of what was acknowledged. */
export function numbersOf(lines: readonly Line[]): readonly number[] {
  return lines.flatMap(({ kind, number }) => (kind === 'write' && number !== undefined ? [number] : []));
}
