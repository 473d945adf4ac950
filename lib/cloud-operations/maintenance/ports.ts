import type { HostPower } from '../../private-cloud/maintenance/host-power.ts';
import type { CloudApi } from '../../private-cloud/members/ports.ts';
import type { LiveServers } from '../../private-cloud/status/spare.ts';
import type { HostSurveys } from '../../private-cloud/status/survey.ts';

/** Through what maintenance reaches a cloud. */
export interface MaintenancePorts {
  readonly surveys: HostSurveys;
  readonly api: Pick<CloudApi, 'computeServices' | 'serversOn' | 'disable' | 'enable' | 'liveMigrate'>;
  readonly liveServers: (signal: AbortSignal) => Promise<LiveServers>;
  readonly power: HostPower;
  readonly sleep: (seconds: number, signal: AbortSignal) => Promise<void>;
  /** Waits for the operator's word; false where nobody can be asked. */
  readonly waitForOperator: (text: string) => Promise<boolean>;
  /** What is being done or waited for, in a sentence without secrets. */
  readonly onWait: (text: string) => void;
}

/** What is done with a group of hosts that nothing depends on any more. */
export type Work =
  | { readonly kind: 'reboot' | 'off' | 'pause' }
  /** As root on each host, by `sh -c`; done again where it was interrupted. In the journal, unless a secret is recognised in it. */
  | { readonly kind: 'command'; readonly text: string };
