import type { AnyComponent } from '../bring-up/tier-software.ts';
import { cassandra } from './cassandra/component.ts';
import { consul } from './consul/component.ts';
import { consulAgent } from './consul-agent/component.ts';
import { knot } from './knot/component.ts';
import { postgresql } from './postgresql/component.ts';
import { unbound } from './unbound/component.ts';

/** The components that Tandem brings, sorted by name. */
export const SHIPPED: readonly AnyComponent[] = [cassandra, consul, consulAgent, knot, postgresql, unbound];
