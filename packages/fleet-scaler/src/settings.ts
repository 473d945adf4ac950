import type { ScalerSettings } from './types.ts';

/** What the function is told by its environment, which the cluster's stack writes. */
export interface FunctionSettings extends ScalerSettings {
  readonly queueUrls: readonly string[];
  readonly group: string;
  /** Table of the heartbeats, where the state has an item. */
  readonly table: string;
  /** Namespace of the workers' metrics. */
  readonly namespace: string;
}

/** @throws Error naming the variable that is missing or no number */
export function readSettings(environment: NodeJS.ProcessEnv): FunctionSettings {
  const text = (name: string): string => {
    const value = environment[name];
    if (value === undefined || value === '') throw new Error(`the variable ${name} is not set`);
    return value;
  };
  const count = (name: string): number => {
    const value = Number(text(name));
    if (!Number.isInteger(value) || value < 0)
      throw new Error(`the variable ${name} is no whole number: ${text(name)}`);
    return value;
  };
  return {
    queueUrls: text('TANDEM_QUEUE_URLS').split(' '),
    group: text('TANDEM_GROUP'),
    table: text('TANDEM_TABLE'),
    namespace: text('TANDEM_NAMESPACE'),
    waitSeconds: count('TANDEM_WAIT_SECONDS'),
    bootSeconds: count('TANDEM_BOOT_SECONDS'),
    idleSeconds: count('TANDEM_IDLE_SECONDS'),
    slots: count('TANDEM_SLOTS'),
  };
}
