import { z } from 'zod';
import { tierReference } from '../../bring-up/tier-reference.ts';
import { count, sha256, text, url } from '../../config/schema/common.ts';

const artefact = z.strictObject({
  url: url.describe('Where servers fetch it.'),
  sha256: sha256.describe('SHA-256 of the file.'),
});

export const awsEndpointSettings = z.strictObject({
  workers: tierReference().describe('Tier of the workers, which run `analysis-worker`.'),
  program: artefact.describe(
    'The endpoint, as `node packages/lab-aws/scripts/server.mts FILE` of a checkout of Tandem writes it.',
  ),
  agent: artefact.describe(
    "The workers' agent, `packages/worker-agent/dist/worker-agent.mjs` of Tandem: the file of the production clusters.",
  ),
  agentVersion: text(40).describe('Version of the agent, as its heartbeats tell it.'),
  region: text(30).default('eu-west-3').describe('AWS Region that it says to be.'),
  command: z
    .array(text(200))
    .min(1)
    .default(['/opt/tandem/jobs/word-statistics'])
    .describe('Program of the workers and its arguments, as `cluster.worker.command` of an environment.'),
  timeoutSeconds: count(1, 43_200).default(1800).describe('How long a job may take, in seconds.'),
  visibilityTimeoutSeconds: count(10, 43_200)
    .default(300)
    .describe('How soon the job of a worker that died comes back, in seconds.'),
  maximumReceives: count(1, 1000).default(5).describe('Attempts of a job before it is a dead letter.'),
  jobsPerWorker: count(1, 64).default(1).describe('Jobs that a worker does at once.'),
});

export type AwsEndpointSettings = z.output<typeof awsEndpointSettings>;

/** Where it answers the calls of AWS's SDKs. */
export const AWS_PORT = 4566;
/** Where it tells each worker which instance it is. */
export const METADATA_PORT = AWS_PORT + 1;
/** Of whose things it speaks. No account of AWS: it is one of its documentation. */
export const ACCOUNT = '111122223333';
/** The key that it takes, with a secret of the lease. */
export const ACCESS_KEY_ID = `AKIALAB0${ACCOUNT}`;

/** The parameter from which workers know all else, and operators too. */
export function parameterOf(environment: string): string {
  return `/tandem/${environment}/worker`;
}
