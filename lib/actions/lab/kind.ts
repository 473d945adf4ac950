import { type ActionContext, inform } from '../context.ts';

/** One OpenStack control plane, three controllers of a highly available one, or an AWS endpoint. */
export type LabKind = 'openstack' | 'ha' | 'aws';

export interface LabOptions {
  /** Three controllers in network namespaces, for failure drills. @default false */
  readonly ha?: boolean;
  /** An AWS endpoint. @default false */
  readonly aws?: boolean;
  /** Folder of the lab. @default `/var/lib/tandem-lab`, `/var/lib/tandem-lab-ha`, or `.tandem/lab-aws` in the project */
  readonly directory?: string | undefined;
}

export interface UpOptions extends LabOptions {
  /** Of one control plane: over three zones, 2 to 30. @default 6 */
  readonly hypervisors?: number | undefined;
  /** Of an AWS endpoint: the environment whose account is rehearsed. @default the first that may be destroyed again */
  readonly environment?: string | undefined;
  /** Of an AWS endpoint. @default 4566 */
  readonly port?: number | undefined;
  /** Of an AWS endpoint: what identifiers and all chance in it follow from. @default 'tandem' */
  readonly seed?: string | undefined;
}

export interface DownOptions extends LabOptions {
  /** Keeps installed packages for a quick next start. @default false */
  readonly keepPackages?: boolean;
}

export interface LabUp {
  readonly kind: LabKind;
  readonly alreadyRunning: boolean;
  readonly seconds: number;
  /** What the lab says of itself: addresses, folders, names. No secret. */
  readonly lab: object;
  /** Variables with which Tandem and other clients use it. No secret. */
  readonly variables: Readonly<Record<string, string>>;
  /** For people: lines after the first. */
  readonly notes: readonly string[];
}

export interface LabDown {
  readonly kind: LabKind;
  readonly wasRunning: boolean;
  /** What was kept for the next start. */
  readonly kept: readonly string[];
  readonly seconds: number;
}

export interface LabStatus {
  readonly kind: LabKind;
  readonly state: 'running' | 'starting' | 'broken' | 'stopped';
  readonly services: readonly { readonly name: string; readonly healthy: boolean; readonly detail: string }[];
  /** What the lab says of itself; null where it does not run. */
  readonly lab: object | null;
}

/** One kind of lab. */
export interface Lab {
  up(context: ActionContext, options: UpOptions): Promise<Omit<LabUp, 'kind'>>;
  down(context: ActionContext, options: DownOptions): Promise<Omit<LabDown, 'kind'>>;
  status(context: ActionContext, options: LabOptions): Promise<Omit<LabStatus, 'kind'>>;
}

/** Tells the host of a lab's progress. */
export function tellPhases(context: ActionContext) {
  return ({ phase, message, seconds }: { phase: string; message: string; seconds: number }): void =>
    inform(context, `${seconds.toFixed(0).padStart(4)} s  ${phase}: ${message}`);
}

/** The option as labs take it. */
export function folderOf({ directory }: LabOptions): { readonly directory?: string } {
  return directory === undefined ? {} : { directory };
}
