import { drillName, type LinkBed, PEER_PORT } from './bed.ts';
import { Client, numbersOf, sentOf } from './client.ts';
import { SIDES, type Side } from './network.ts';

type Room = 'tenant' | 'vpc';

/** Who asks Consul's servers of a side. */
const ROOM_OF: Readonly<Record<Side, Room>> = { cloud: 'tenant', environment: 'vpc' };
const OTHER: Readonly<Record<Room, Side>> = { tenant: 'environment', vpc: 'cloud' };

let runs = 0;

/** A client in the cloud, or in the VPC, that sends to the other side until it is ended; and where services are asked for, one on each side that uses Consul. */
export class TrafficRun {
  readonly #bed: LinkBed;
  readonly #main: Client;
  readonly #ofConsul: Readonly<Partial<Record<Side, Client>>>;
  readonly #run: string;

  /** @param asks which names: one of the other side's zone, or of a service that is registered there */
  static async begin(bed: LinkBed, room: Room, asks: 'hosts' | 'services'): Promise<TrafficRun> {
    runs += 1;
    const { settings, consul } = bed;
    const host = room === 'tenant' ? settings.vpcHost : settings.tenant;
    const zone = room === 'tenant' ? settings.environmentZone : settings.cloudZone;
    const resolvers = room === 'tenant' ? settings.gateways.map(({ address }) => address) : settings.resolvers;
    const name = asks === 'services' ? consul?.nameOf(OTHER[room]) : drillName(zone);
    const hasNames = resolvers.length > 0 && (asks === 'services' || zone !== '');
    const names = hasNames && name !== undefined ? [name, host, ...resolvers] : [];
    const main = { unit: `traffic-${room}-${runs}`, room, program: 'traffic.py' };
    const client = Client.begin(bed, { ...main, words: [host, String(PEER_PORT), ...names] });
    const ofConsul = (asks === 'services' && consul !== undefined ? SIDES : []).map(async (side) => {
      const facts = { unit: `consul-${side}-${runs}`, room: ROOM_OF[side], program: 'discovery.py' };
      return [
        side,
        await Client.begin(bed, { ...facts, words: [prefixOf(runs), ...(consul?.addresses(side) ?? [])] }),
      ] as const;
    });
    return new TrafficRun(bed, await client, Object.fromEntries(await Promise.all(ofConsul)), prefixOf(runs));
  }

  private constructor(bed: LinkBed, main: Client, ofConsul: Readonly<Partial<Record<Side, Client>>>, run: string) {
    this.#bed = bed;
    this.#main = main;
    this.#ofConsul = ofConsul;
    this.#run = run;
  }

  /** When everything was answered again that is sent after `since`: seconds of the clock; undefined while something is not. */
  async answeredAfter(since: number): Promise<number | undefined> {
    const first = (lines: Awaited<ReturnType<Client['lines']>>, wanted: 'ping' | 'question' | 'write' | 'read') =>
      sentOf(lines, wanted).find(({ ok, at }) => ok && at > since)?.at;
    const main = await this.#main.lines();
    const all = [first(main, 'ping')];
    for (const client of Object.values(this.#ofConsul)) {
      const lines = await client.lines();
      all.push(first(main, 'question'), first(lines, 'write'), first(lines, 'read'));
    }
    return all.some((at) => at === undefined) ? undefined : Math.max(...all.map((at) => at ?? 0));
  }

  async end() {
    const lines = await this.#main.end();
    const session = lines.find(({ kind }) => kind === 'session');
    const ofConsul = await Promise.all(
      Object.entries(this.#ofConsul).map(async ([side, client]) => ({ side: side as Side, lines: await client.end() })),
    );
    return {
      pings: sentOf(lines, 'ping'),
      questions: sentOf(lines, 'question'),
      session: { sent: session?.sent ?? 0, back: session?.back ?? 0, failure: session?.failure ?? undefined },
      writes: ofConsul.map((each) => sentOf(each.lines, 'write')),
      reads: ofConsul.flatMap((each) => sentOf(each.lines, 'read')),
      missing: async () => {
        let missing = 0;
        for (const { side, lines: said } of ofConsul)
          missing += (await this.#bed.consul?.missing(side, this.#run, numbersOf(said))) ?? 0;
        return missing;
      },
    };
  }
}

/** Of the keys that a run writes. */
function prefixOf(run: number): string {
  return `drill/${run}`;
}
