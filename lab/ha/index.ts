/** Three controllers of a highly available cloud, on one machine, to be broken on purpose; see README.md. */

export { haDown } from './down.ts';
export { DEFAULT_HA_DIRECTORY, HA_CLOUD_FILE } from './layout.ts';
export { haGround } from './netns-drill-target.ts';
export { haStatus } from './status.ts';
export { haUp } from './up.ts';
