import type { Membership } from '../members/membership.ts';
import type { ComputeService, NetworkAgent, VolumeService } from '../members/ports.ts';
import type { HostSurvey } from './survey.ts';

/** What is compared, the gravest first. */
export const AREAS = [
  'hosts',
  'database',
  'brokers',
  'queues',
  'OVN databases',
  'VIPs',
  'spare capacity',
  'certificates',
  'compute services',
  'network agents',
  'volume services',
  'containers',
] as const;
export type Area = (typeof AREAS)[number];

/** Something that is not as the configuration and its predictions say. */
export interface Difference {
  readonly area: Area;
  /** `control-a-1`, `the VIP 10.10.3.250`. */
  readonly subject: string;
  readonly expected: string;
  readonly found: string;
}

/** What a live cloud said. */
export interface FoundCloud {
  /** Of hosts that answered. */
  readonly surveys: ReadonlyMap<string, HostSurvey>;
  readonly membership: Membership;
  readonly api: LiveApi | { readonly why: string };
  readonly certificates: readonly FoundCertificate[];
}

/** A certificate that settings of the cloud ask for. */
export interface FoundCertificate {
  readonly name: string;
  readonly state: 'good' | 'soon' | 'expired' | 'broken' | 'missing' | 'encrypted';
  readonly daysLeft: number | null;
  readonly problems: readonly string[];
}

/** What the APIs of Nova, Neutron, Cinder and Placement know. */
export interface LiveApi {
  readonly compute: readonly ComputeService[];
  readonly agents: readonly NetworkAgent[];
  readonly volumes: readonly VolumeService[];
  /** Servers that run, and the hosts that must not fail, with what would then lack. */
  readonly spare: {
    readonly servers: number;
    readonly lacks: readonly { readonly host: string; readonly why: string }[];
  };
}

export interface StatusReport {
  readonly cloud: string;
  /** In the order of `AREAS`. */
  readonly differences: readonly Difference[];
  /** How many things of each kind answered. */
  readonly asked: readonly { readonly area: Area; readonly count: number }[];
}
