import type { AnyComponent } from '../bring-up/tier-software.ts';
import { cassandra } from './cassandra/component.ts';

/** The components that Tandem brings, sorted by name. */
export const SHIPPED: readonly AnyComponent[] = [cassandra];
