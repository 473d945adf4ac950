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

/** A value that is known once another stack is deployed, in whichever cloud, and that no artefact holds. */
export interface Take {
  /** Of the Terraform variable, of type string, or the CloudFormation parameter that has it. */
  readonly name: string;
  readonly from: StackId;
  /** Name of the output there: text that is no secret. */
  readonly output: string;
  /** What it is, in words a reader knows, which values may share: `addresses of the gateways`. @default - the output's name */
  readonly what?: string;
}

/** What a stack is, before anything reads its configuration: enough to select, order and cache it. */
export interface StackHead {
  readonly id: StackId;
  readonly engine: EngineName;
  /** Stacks that must exist first. */
  readonly dependsOn: readonly StackId[];
  readonly unresolvedInputs: readonly UnresolvedInput[];
  /** Values of other stacks, which `dependsOn` names as well. @default - none: what it needs, its artefact looks up */
  readonly takes?: readonly Take[];
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
  /** Values of what it takes, by name, once they are known. @default - none are */
  readonly given?: Readonly<Record<string, string>>;
}

/** Everything that a stack needs of others, each once. Pure. */
export function inputsOf({ unresolvedInputs, takes = [] }: Pick<StackHead, 'unresolvedInputs' | 'takes'>) {
  const all = [...unresolvedInputs, ...takes.map(({ output, what = output, from }) => ({ name: what, from }))];
  return [...new Map(all.map((each): [string, UnresolvedInput] => [`${each.from} ${each.name}`, each])).values()];
}

export function digestOf(text: string): string {
  return `sha256:${hash('sha256', text)}`;
}
