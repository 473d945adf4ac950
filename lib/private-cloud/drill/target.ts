import type { ClientRecord, ReadBack } from './measure.ts';

/**
 * What drills are played on: hosts that can really be switched off and cut off. The lab is one. Times in seconds since 1970. A query of
 * a service that does not answer gives "not yet"; what throws ends the drill.
 */
export interface DrillTarget {
  readonly hosts: readonly { readonly name: string; readonly rack: string }[];
  /** Where the target differs from what Kolla-Ansible deploys, and what the drill is therefore no evidence for. */
  readonly adaptations: Adaptations;
  /** The host that has the VIP; undefined where none, or more than one, has. */
  holder(): Promise<string | undefined>;
  /** The host whose database took the latest write. */
  writer(): Promise<string | undefined>;
  /** The host whose member leads OVN's northbound database; undefined where none does. */
  ovnLeader(): Promise<string | undefined>;
  /** Makes the database of a host the one that takes the writes. */
  makeWriter(host: string): Promise<void>;
  /** Switches all of them off, as close together as possible. */
  off(hosts: readonly string[]): Promise<void>;
  on(hosts: readonly string[]): Promise<void>;
  cut(host: string): Promise<void>;
  heal(host: string): Promise<void>;
  /** Kills a service's process; the host starts it again, as a container engine would. */
  kill(host: string, service: string): Promise<void>;
  /** Switches every host on and connects it, whatever an interrupted drill left. */
  restore(): Promise<void>;
  startClient(run: string): Promise<DrillClient>;
  /** Tries to write on a host itself, by the name of what was tried. */
  tryMinority(host: string, run: string): Promise<Readonly<Record<string, { accepted: boolean; detail: string }>>>;
  /** Rows in the database that a minority wrote in this run. */
  minorityRows(run: string): Promise<number>;
  /** Whether a host's database is a synced member of the cluster. */
  synced(host: string): Promise<boolean>;
  /** What is unhealthy on the hosts that are on; undefined where nothing is. */
  fault(): Promise<string | undefined>;
  now(): number;
  sleep(seconds: number): Promise<void>;
}

export interface DrillClient {
  /** Its requests so far. */
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
