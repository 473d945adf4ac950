import type { Component, TierInputs } from './component.ts';

/** A component whatever its settings are: they passed its own schema before anything here sees them. */
export type AnyComponent = Component<object>;

/** What the servers of a tier run, and all that their files are made of. */
export interface TierSoftware {
  readonly inputs: Omit<TierInputs<object>, 'settings'>;
  /** In the order in which they start. */
  readonly runs: readonly { readonly component: AnyComponent; readonly settings: object }[];
  /** Of the cloud: base URLs by source, e.g. `maven`. @default - each source's own */
  readonly mirrors?: Readonly<Record<string, string>>;
}

/** Inputs of one component. */
export function inputsOf(software: Pick<TierSoftware, 'inputs'>, settings: object): TierInputs<object> {
  return { ...software.inputs, settings };
}

/** Tiers that the servers must know, its own among them: by it a server knows its own address. */
export function knownTiers({ inputs, runs }: TierSoftware): readonly string[] {
  const named = runs.flatMap(({ component, settings }) => component.peers(settings, inputs.tier));
  return [...new Set([inputs.tier, ...named])].sort();
}
