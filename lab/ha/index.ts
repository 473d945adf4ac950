/** Three controllers of a highly available cloud in network namespaces of one machine, for failure drills; see README.md. */

export { haDown } from './down.ts';
export { HOSTS as HA_MACHINES } from './hosts.ts';
export { DEFAULT_HA_DIRECTORY, HA_CLOUD_FILE } from './layout.ts';
export { openDrillTarget } from './netns-drill-target.ts';
export { openHaPorts } from './open-ports.ts';
export { haStatus } from './status.ts';
export { haUp } from './up.ts';
