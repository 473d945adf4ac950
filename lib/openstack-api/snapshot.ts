/** Room that a host has left, its overcommit already counted. */
export interface HostRoom {
  readonly name: string;
  /** Availability zone; undefined where the host is in none. */
  readonly zone: string | undefined;
  readonly vcpus: number;
  readonly memoryMiB: number;
  readonly diskGiB: number;
}

/** A limit of the environment's project, and what is used of it. A limit below zero is none. */
export interface QuotaUse {
  readonly service: 'nova' | 'cinder' | 'neutron' | 'octavia';
  readonly resource: string;
  readonly limit: number;
  readonly used: number;
}

/** What a cloud has left at one moment: what the check beforehand looks at. `undefined`: the cloud does not say. */
export interface CloudSnapshot {
  /** Hosts that are up and enabled. */
  readonly hosts: readonly HostRoom[];
  /** GiB that volumes may still take. */
  readonly volumeGiB: number | undefined;
  /** Addresses left in the external network. */
  readonly externalAddresses: number | undefined;
  /** Network and pool from which the environment's network is cut, and what is taken of it. */
  readonly subnetPool: { readonly prefixes: readonly string[]; readonly taken: readonly string[] } | undefined;
  /** Quotas of the environment's project; empty where it does not exist yet. */
  readonly quotas: readonly QuotaUse[];
}

/** What of a cloud the snapshot shall be about. */
export interface SnapshotRequest {
  /** Name of the external network. */
  readonly externalNetwork: string | undefined;
  /** Name of the subnet pool. */
  readonly subnetPool: string | undefined;
  /** The environment's project, where it exists; the rest is asked for while that is being found out. */
  readonly projectId: string | undefined | Promise<string | undefined>;
}
