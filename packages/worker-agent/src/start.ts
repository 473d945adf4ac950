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
import { type Orders, parseOrders } from './orders.ts';
import type { Ports } from './ports.ts';
import { VERSION } from './version.ts';

export const DEFAULT_ORDERS = '/etc/tandem/worker.json';
/** After the second signal, the time for giving a job back. */
const AT_ONCE_MS = 8000;

/** Runs the agent until a signal; gives the exit code. */
export async function start(ordersFile: string, env: NodeJS.ProcessEnv): Promise<number> {
  const write = (line: string): void => {
    process.stdout.write(line);
  };
  const log = jsonLog(write, levelOf(env['TANDEM_LOG_LEVEL']), () => systemClock.now());
  let orders: Orders;
  try {
    orders = parseOrders(readFileSync(ordersFile, 'utf8'));
  } catch (error) {
    log('error', 'no orders', { file: ordersFile, why: wordsOf(error) });
    return 78;
  }
  const [program] = orders.command;
  if (!canStart(program, env['PATH'] ?? '')) {
    log('error', 'the command of this cluster is not on this instance', { program });
    return 78;
  }
  log('info', 'starting', { version: VERSION, cluster: orders.cluster, command: orders.command.join(' ') });
  const ports = realPorts(orders, env, log);
  const agent = new Agent({ ports, orders, log, version: VERSION, folder: jobsFolder(env) });
  onSignals(agent, log);
  await agent.run();
  return 0;
}

function realPorts(orders: Orders, env: NodeJS.ProcessEnv, log: Log): Ports {
  const clock = systemClock;
  const random = Math.random;
  const metadata = new InstanceMetadata(clock, env['AWS_EC2_METADATA_SERVICE_ENDPOINT']);
  const options = clientOptions(orders.region, credentials(env, metadata));
  const queue = new SqsQueue({
    ...{ clock, random, log, queueUrl: orders.queueUrl, visibilityTimeoutSeconds: orders.visibilityTimeoutSeconds },
    client: new SQSClient(options),
  });
  return {
    ...{ clock, random, metadata, queue, processes: new ChildProcesses(env) },
    // By path: a name with dots has no certificate of its own, and a local endpoint no names at all.
    results: new S3Results(new S3Client({ ...options, forcePathStyle: true }), orders.bucket),
    table: new DynamoTable(new DynamoDBClient(options), orders.heartbeats.table, clock),
    group: new AutoScalingGroup(new AutoScalingClient(options), orders.group),
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
