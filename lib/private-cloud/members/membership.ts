/** What MariaDB says of itself on one host. */
export interface DatabaseMember {
  readonly host: string;
  /** `wsrep_cluster_size`: how many it counts, itself with them. */
  readonly size: number;
  /** It takes part: `wsrep_local_state_comment` is `Synced`, in the primary component. */
  readonly synced: boolean;
  /** `wsrep_cluster_state_uuid`: two clusters of the same name differ in it. */
  readonly uuid: string;
}

/** What a broker says of its cluster. */
export interface BrokerMember {
  readonly host: string;
  /** Hosts of the brokers that it sees running. */
  readonly running: readonly string[];
  /** Hosts of all brokers that belong to it, running or not. */
  readonly known: readonly string[];
  /** Hosts that it was parted from. */
  readonly partitions: readonly string[];
}

/** A queue or stream with copies on several brokers. */
export interface QueueMembers {
  readonly name: string;
  readonly type: 'quorum' | 'stream';
  /** Hosts. */
  readonly members: readonly string[];
  readonly online: readonly string[];
  readonly leader?: string;
}

export type RaftDatabase = 'OVN_Northbound' | 'OVN_Southbound';

/** What one host's database of OVN says of its cluster. */
export interface RaftMember {
  readonly database: RaftDatabase;
  readonly host: string;
  /** `leader`, `follower`, `candidate`. */
  readonly role: string;
  /** Those that it counts, itself with them. `host` where the address belongs to one that is known. */
  readonly servers: readonly { readonly id: string; readonly address: string; readonly host?: string | undefined }[];
}

export interface VipHolders {
  readonly address: string;
  readonly hosts: readonly string[];
}

/** A question without an answer. */
export interface Unanswered {
  readonly host: string;
  readonly what: 'database' | 'broker' | 'queues' | 'raft' | 'vips';
  /** `does not answer`, `rabbitmqctl ended with exit code 69`. Never what a host said: that may hold secrets. */
  readonly why: string;
}

/** Who belongs to what, as the members themselves say it. A host that did not answer has no entry but in `unanswered`. */
export interface Membership {
  readonly unanswered: readonly Unanswered[];
  readonly database: readonly DatabaseMember[];
  readonly brokers: readonly BrokerMember[];
  readonly queues: readonly QueueMembers[];
  readonly raft: readonly RaftMember[];
  readonly vips: readonly VipHolders[];
}
