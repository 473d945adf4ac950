import type { Component } from '../bring-up/component.ts';
import { cassandra } from './cassandra/component.ts';

/** A component whatever its settings are: they passed its own schema before anything else sees them. */
// biome-ignore lint/suspicious/noExplicitAny: settings are parsed by the component itself, and given to itself alone.
export type AnyComponent = Component<any>;

/** The components that Tandem brings, sorted by name. */
export const SHIPPED: readonly AnyComponent[] = [cassandra];
