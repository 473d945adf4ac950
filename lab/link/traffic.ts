import { drillName, type LinkBed, PEER_PORT, until } from './bed.ts';

interface Line {
  readonly kind: 'ping' | 'session' | 'question' | 'end';
  readonly at?: number;
  readonly ok?: boolean;
  readonly sent?: number;
  readonly back?: number;
  readonly failure?: string | null;
}

export interface Sent {
  /** Seconds of the clock. */
  readonly at: number;
  readonly ok: boolean;
}

/** What a client sent, and what became of it. */
export interface Traffic {
  readonly pings: readonly Sent[];
  readonly questions: readonly Sent[];
  /** Of the one TCP connection: numbers sent and come back, and why it ended early. */
  readonly session: { readonly sent: number; readonly back: number; readonly failure: string | undefined };
}

let runs = 0;

/** A client in the cloud, or in the VPC, that sends to the other side until it is ended. */
export class TrafficRun {
  readonly #bed: LinkBed;
  readonly #unit: string;
  readonly #file: string;

  static async begin(bed: LinkBed, room: 'tenant' | 'vpc'): Promise<TrafficRun> {
    const { settings } = bed;
    const run = new TrafficRun(bed, room);
    const names =
      settings.environmentZone === ''
        ? []
        : room === 'tenant'
          ? [drillName(settings.environmentZone), settings.vpcHost, ...settings.gateways.map(({ address }) => address)]
          : [drillName(settings.cloudZone), settings.tenant, ...settings.resolvers];
    const target = room === 'tenant' ? settings.vpcHost : settings.tenant;
    const program = ['python3', '/usr/share/tandem-lab/traffic.py', run.#file, target, String(PEER_PORT), ...names];
    await bed.background(run.#unit, room, program);
    // Its first requests are answered before anything is broken.
    await until('traffic passes', async () => (await run.#lines()).filter(({ ok }) => ok === true).length > 10);
    return run;
  }

  private constructor(bed: LinkBed, room: string) {
    runs += 1;
    this.#bed = bed;
    this.#unit = `traffic-${room}-${runs}`;
    this.#file = `/run/tandem-lab/${this.#unit}.jsonl`;
  }

  /** When a request was answered last, in seconds of the clock: one that was sent after `since`. */
  async answeredAfter(since: number): Promise<number | undefined> {
    return (await this.#lines()).find(({ kind, ok, at = 0 }) => kind === 'ping' && ok === true && at > since)?.at;
  }

  async end(): Promise<Traffic> {
    await this.#bed.aws.exec(['systemctl', 'kill', '--signal=TERM', this.#unit]);
    const ended = async () => (await this.#lines()).some(({ kind }) => kind === 'end');
    await until('the client ends', ended, 90);
    const lines = await this.#lines();
    const of = (wanted: Line['kind']) =>
      lines
        .flatMap(({ kind, at = 0, ok = false }) => (kind === wanted ? [{ at, ok }] : []))
        .sort((a, b) => a.at - b.at);
    const session = lines.find(({ kind }) => kind === 'session');
    return {
      pings: of('ping'),
      questions: of('question'),
      session: { sent: session?.sent ?? 0, back: session?.back ?? 0, failure: session?.failure ?? undefined },
    };
  }

  async #lines(): Promise<readonly Line[]> {
    const text = await this.#bed.aws.must(['sh', '-c', `cat ${this.#file} 2>/dev/null || true`]);
    // The last line may be half written.
    return text
      .slice(0, text.lastIndexOf('\n') + 1)
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Line);
  }
}
