import { hash } from 'node:crypto';
import type { Citation } from './cite.ts';
import type { StackId } from './id.ts';
import type { StackTarget } from './target.ts';

/** Names an engine in definitions, records and plans. `lib/engines/plugins.ts` knows which there are. */
export type EngineName = string;

/** Something a stack needs that another stack makes. */
export interface UnresolvedInput {
  /** What is needed, in words a reader knows: `network public`, `VPC id`. */
  readonly name: string;
  readonly from: StackId;
}

/** What a stack is, before anything reads its configuration: enough to select, order and cache it. */
export interface StackHead {
  readonly id: StackId;
  readonly engine: EngineName;
  /** Stacks that must exist first. */
  readonly dependsOn: readonly StackId[];
  readonly unresolvedInputs: readonly UnresolvedInput[];
  /**
   * Files of the configuration that the stack stands on, relative to the project's root. The first is the one whose deletion, in
   * history, removes the stack on purpose: a lease's own, an environment's own.
   */
  readonly files: readonly string[];
  /** Where it goes, as configured; empty where the configuration does not say. */
  readonly target: StackTarget;
}

/** A stack as its engine takes it. The same configuration gives the same bytes. */
export interface SynthesizedStack extends StackHead {
  /** The artefact: `cdk.tf.json` or a CloudFormation template, as JSON text. */
  readonly text: string;
  /** `sha256:…` of the text. */
  readonly digest: string;
  /** By resource address: what each was made from. */
  readonly citations: Readonly<Record<string, readonly Citation[]>>;
}

export function digestOf(text: string): string {
  return `sha256:${hash('sha256', text)}`;
}
