import { readFileSync, writeFileSync } from 'node:fs';
import { S3Client } from '@aws-sdk/client-s3';
import { clientOptions } from '../adapters/client-options.ts';
import { credentials } from '../adapters/credentials.ts';
import { InstanceMetadata } from '../adapters/imds.ts';
import { systemClock } from '../adapters/system-clock.ts';
import { S3Documents } from './documents.ts';
import { wordStatistics } from './word-statistics.ts';

/** The jobs that come with the agent: `worker-agent.mjs job NAME`, started by the agent as any other command would be. */
export async function runJob(name: string, env: NodeJS.ProcessEnv): Promise<number> {
  if (name !== 'word-statistics') {
    process.stderr.write(`no job '${name}' comes with the agent; there is word-statistics\n`);
    return 2;
  }
  try {
    const metadata = new InstanceMetadata(systemClock, env['AWS_EC2_METADATA_SERVICE_ENDPOINT']);
    const options = clientOptions(need(env, 'AWS_REGION'), credentials(env, metadata));
    const client = new S3Client({ ...options, forcePathStyle: true });
    const documents = new S3Documents(client, need(env, 'TANDEM_BUCKET'), need(env, 'TANDEM_DOCUMENTS_PREFIX'));
    const job: unknown = JSON.parse(readFileSync(need(env, 'TANDEM_JOB_FILE'), 'utf8'));
    const result = await wordStatistics(job, documents);
    writeFileSync(need(env, 'TANDEM_RESULT_FILE'), `${JSON.stringify(result, null, 2)}\n`);
    return 0;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  }
}

function need(env: NodeJS.ProcessEnv, name: string): string {
  const value = env[name];
  if (value === undefined) throw new Error(`${name} is not set; a job is started by the worker agent`);
  return value;
}
