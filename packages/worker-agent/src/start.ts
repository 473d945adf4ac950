import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AutoScalingClient } from '@aws-sdk/client-auto-scaling';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { AutoScalingGroup } from './adapters/auto-scaling-group.ts';
import { ChildProcesses } from './adapters/child-process.ts';
import { clientOptions } from './adapters/client-options.ts';
import { credentials } from './adapters/credentials.ts';
import { DynamoTable } from './adapters/dynamodb-table.ts';
import { InstanceMetadata } from './adapters/imds.ts';
import { S3Results } from './adapters/s3-results.ts';
import { SqsQueue } from './adapters/sqs-queue.ts';
import { systemClock } from './adapters/system-clock.ts';
import { Agent } from './agent.ts';
import { canStart } from './command.ts';
import { jsonLog, type Log, levelOf, wordsOf } from './log.ts';
import type { Ports } from './ports.ts';
import { VERSION } from './version.ts';
import { parseWorkerConfig, type WorkerConfig } from './worker-config.ts';

export const DEFAULT_CONFIG_FILE = '/etc/tandem/worker.json';
/** After the second signal, the time for giving a job back. */
const AT_ONCE_MS = 8000;

/** Runs the agent until a signal; gives the exit code. */
export async function start(configFile: string, env: NodeJS.ProcessEnv): Promise<number> {
  const write = (line: string): void => {
    process.stdout.write(line);
  };
  const log = jsonLog(write, levelOf(env['TANDEM_LOG_LEVEL']), () => systemClock.now());
  let config: WorkerConfig;
  try {
    config = parseWorkerConfig(readFileSync(configFile, 'utf8'));
  } catch (error) {
    log('error', 'no valid worker configuration', { file: configFile, why: wordsOf(error) });
    return 78;
  }
  const [program] = config.program.command;
  if (!canStart(program, env['PATH'] ?? '')) {
    log('error', 'the command of the worker configuration is not on this instance', { program });
    return 78;
  }
  log('info', 'starting', { version: VERSION, cluster: config.cluster, command: config.program.command.join(' ') });
  const ports = realPorts(config, env, log);
  const agent = new Agent({ ports, config, log, version: VERSION, folder: jobsFolder(env) });
  onSignals(agent, log);
  await agent.run();
  return 0;
}

function realPorts(config: WorkerConfig, env: NodeJS.ProcessEnv, log: Log): Ports {
  const clock = systemClock;
  const random = Math.random;
  const metadata = new InstanceMetadata(clock, env['AWS_EC2_METADATA_SERVICE_ENDPOINT']);
  const options = clientOptions(config.region, credentials(env, metadata));
  const queue = new SqsQueue({
    ...{ clock, random, log, queueUrl: config.queues[0]?.url ?? '' },
    visibilityTimeoutSeconds: config.queues[0]?.visibilityTimeoutSeconds ?? 300,
    client: new SQSClient(options),
  });
  return {
    ...{ clock, random, metadata, queue, processes: new ChildProcesses(env) },
    // By path: a name with dots has no certificate of its own, and a local endpoint no names at all.
    results: new S3Results(new S3Client({ ...options, forcePathStyle: true }), config.bucket),
    table: new DynamoTable(new DynamoDBClient(options), config.heartbeats.table, clock),
    group: new AutoScalingGroup(new AutoScalingClient(options), config.group),
  };
}

/** systemd gives a folder that outlives the process: what a killed one left there is removed. */
function jobsFolder(env: NodeJS.ProcessEnv): string {
  const state = env['STATE_DIRECTORY'];
  if (state === undefined) return tmpdir();
  const folder = join(state, 'jobs');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return folder;
}

function onSignals(agent: Agent, log: Log): void {
  let count = 0;
  for (const name of ['SIGTERM', 'SIGINT'] as const) {
    process.on(name, () => {
      count += 1;
      log('info', 'signal', { name, count });
      agent.signal();
      if (count === 2) setTimeout(() => process.exit(1), AT_ONCE_MS).unref();
    });
  }
}
