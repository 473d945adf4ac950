/** A local AWS emulator on loopback; see SPEC.md. */
export { labCredentials, labEnvironment } from './credentials.ts';
export { labAwsDown, labAwsStatus, labAwsUp } from './process.ts';
export type { AwsEndpoint, AwsEndpointOptions } from './server.ts';
export { startAwsEndpoint } from './server.ts';
