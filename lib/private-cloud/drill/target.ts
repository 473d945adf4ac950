import type { ClientRecord, ReadBack } from './measure.ts';

/**
 * The place where drills are played: hosts that can be taken away for real. The lab is one. Times in seconds since 1970. What is asked of
 * services answers "not yet" where they do not answer; what throws ends the drill.
 */
export interface DrillGround {
  readonly hosts: readonly { readonly name: string; readonly rack: string }[];
  /** What was changed of what Kolla deploys, and what the drill is no evidence for. */
  readonly adaptations: Adaptations;
  /** The host that has the VIP; undefined where none, or more than one, has. */
  holder(): Promise<string | undefined>;
  /** The host whose database took the latest write. */
  writer(): Promise<string | undefined>;
  /** The host whose member leads OVN's northbound database; undefined where none does. */
  ovnLeader(): Promise<string | undefined>;
  /** Makes the database of a host the one that takes the writes. */
  makeWriter(host: string): Promise<void>;
  /** Takes the power of all of them, as near to at once as can be. */
  off(hosts: readonly string[]): Promise<void>;
  on(hosts: readonly string[]): Promise<void>;
  cut(host: string): Promise<void>;
  heal(host: string): Promise<void>;
  /** Kills a service's process; the host starts it again, as a container engine would. */
  kill(host: string, service: string): Promise<void>;
  /** Everything on and connected again, whatever an interrupted drill left. */
  restore(): Promise<void>;
  startClient(run: string): Promise<DrillClient>;
  /** Tries to write on a host itself, by the name of what was tried. */
  tryMinority(host: string, run: string): Promise<Readonly<Record<string, { accepted: boolean; detail: string }>>>;
  /** Rows in the database that a minority wrote in this run. */
  minorityRows(run: string): Promise<number>;
  /** Whether a host's database is a member in good standing. */
  synced(host: string): Promise<boolean>;
  /** What is not in order on the hosts that are on; undefined where all is. */
  fault(): Promise<string | undefined>;
  now(): number;
  sleep(seconds: number): Promise<void>;
}

export interface DrillClient {
  /** What it asked so far. */
  records(): Promise<readonly ClientRecord[]>;
  /** Ends it, and reads back what was acknowledged. */
  stop(): Promise<ReadBack>;
}

export interface Adaptations {
  readonly version: string;
  readonly entries: readonly {
    readonly id: string;
    readonly file: string;
    readonly reason: string;
    readonly notEvidence?: string | undefined;
  }[];
}
