/** A real OpenStack control plane on loopback; see README.md. */

export { labDown } from './down.ts';
export { LAB_PORTS } from './endpoints.ts';
export { listeners } from './listeners.ts';
export { labCommand, labStatus } from './status.ts';
export type * from './types.ts';
export { DEFAULT_LAB_DIRECTORY } from './types.ts';
export { labUp } from './up.ts';
