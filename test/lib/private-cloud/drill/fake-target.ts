import type { DarkStartTarget } from '../../../../lib/private-cloud/drill/dark-start.ts';
import { probesOf } from '../../../../lib/private-cloud/drill/drills.ts';
import type { ClientRecord, ReadBack } from '../../../../lib/private-cloud/drill/measure.ts';
import type { DrillClient } from '../../../../lib/private-cloud/drill/target.ts';

/** How the pretended cloud behaves; what is left out behaves as it should. */
export interface Faults {
  /** A majority is not asked for. */
  readonly acceptsAnything?: boolean;
  /** Acknowledged writes that are gone afterwards. */
  readonly loses?: number;
  /** Seconds after a failure, and after a return, without any answer. */
  readonly gapSeconds?: number;
}

const HOSTS = ['control-a-1', 'control-b-1', 'control-c-1'];

/** Three hosts in a clock of their own: a majority answers, a minority does not. Sleeping is what moves the clock. */
export class FakeDrillTarget implements DarkStartTarget {
  readonly hosts = HOSTS.map((name, index) => ({ name, rack: 'abc'.charAt(index) }));
  readonly adaptations = { version: 'fake', entries: [] };
  readonly calls: string[] = [];
  readonly #faults: Faults;
  readonly #gone = new Set<string>();
  readonly #records: ClientRecord[] = [];
  #now = 1000;
  #quietUntil = 0;
  #asking = false;
  #parted = false;
  #writer = 'control-b-1';

  constructor(faults: Faults = {}) {
    this.#faults = faults;
  }

  now = (): number => this.#now;

  async sleep(seconds: number): Promise<void> {
    const end = this.#now + seconds;
    while (this.#now < end) {
      this.#now = Math.min(end, this.#now + 0.1);
      if (this.#asking) this.#ask();
    }
    await Promise.resolve();
  }

  async holder(): Promise<string | undefined> {
    return await Promise.resolve(HOSTS.find((name) => !this.#gone.has(name)));
  }

  async ovnLeader(): Promise<string | undefined> {
    return await Promise.resolve(this.hosts[0]?.name);
  }

  async writer(): Promise<string | undefined> {
    return await Promise.resolve(this.#writer);
  }

  async makeWriter(host: string): Promise<void> {
    this.#writer = host;
    await this.#did(`write on ${host}`);
  }

  async off(hosts: readonly string[]): Promise<void> {
    await this.#take(hosts, 'off');
  }

  async on(hosts: readonly string[]): Promise<void> {
    for (const host of hosts) this.#gone.delete(host);
    await this.#did(`on ${hosts.join(' ')}`);
  }

  /** From now on no host finds another by itself. */
  async loseView(host: string): Promise<void> {
    if (!this.#gone.has(host)) throw new Error(`${host} is on`);
    this.#parted = true;
    await this.#did(`lose view of ${host}`);
  }

  /** What an operator does about it. */
  async found(host: string): Promise<void> {
    this.#parted = false;
    await this.#did(`found on ${host}`);
  }

  async cut(host: string): Promise<void> {
    await this.#take([host], 'cut');
  }

  async heal(host: string): Promise<void> {
    this.#gone.delete(host);
    await this.#did(`heal ${host}`);
  }

  async kill(host: string, service: string): Promise<void> {
    this.#quietUntil = this.#now + (this.#faults.gapSeconds ?? 1);
    await this.#did(`kill ${service} on ${host}`);
  }

  async restore(): Promise<void> {
    this.#gone.clear();
    await Promise.resolve();
  }

  async startClient(): Promise<DrillClient> {
    this.#asking = true;
    const lost = this.#faults.loses ?? 0;
    return await Promise.resolve({
      records: async () => {
        return await Promise.resolve([...this.#records]);
      },
      stop: async (): Promise<ReadBack> => {
        this.#asking = false;
        return await Promise.resolve({ sql: { acknowledged: 100, readBack: 100 - lost, lost } });
      },
    });
  }

  async tryMinority(host: string): Promise<Record<string, { accepted: boolean; detail: string }>> {
    await this.#did(`try ${host}`);
    return { sql: { accepted: this.#faults.acceptsAnything ?? false, detail: '' } };
  }

  async minorityRows(): Promise<number> {
    return await Promise.resolve(this.#faults.acceptsAnything === true ? 1 : 0);
  }

  async synced(host: string): Promise<boolean> {
    return await Promise.resolve(!this.#gone.has(host));
  }

  async fault(): Promise<string | undefined> {
    return await Promise.resolve(this.#gone.size === 0 && !this.#parted ? undefined : 'something is off');
  }

  async #take(hosts: readonly string[], how: string): Promise<void> {
    for (const host of hosts) this.#gone.add(host);
    this.#quietUntil = this.#now + (this.#faults.gapSeconds ?? 1);
    await this.#did(`${how} ${hosts.join(' ')}`);
  }

  async #did(what: string): Promise<void> {
    this.calls.push(what);
    await Promise.resolve();
  }

  #ask(): void {
    const majority = this.#gone.size < 2 || this.#faults.acceptsAnything === true;
    const ok = majority && !this.#parted && this.#now >= this.#quietUntil;
    for (const probe of probesOf(HOSTS))
      this.#records.push({ probe, start: this.#now - 0.01, end: this.#now, ok, detail: ok ? '' : 'refused' });
  }
}
