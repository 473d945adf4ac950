import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { Agent } from '../../../packages/worker-agent/src/agent.ts';
import type { Log } from '../../../packages/worker-agent/src/log.ts';
import { parseWorkerConfig } from '../../../packages/worker-agent/src/worker-config.ts';
import { workerConfigText } from './config.ts';
import {
  FakeClock,
  FakeDownloads,
  FakeGroup,
  FakeMetadata,
  FakeMetrics,
  FakeProcesses,
  FakeQueue,
  FakeResults,
  FakeStates,
  FakeTable,
} from './fakes.ts';

const TARGET = 'meta-data/autoscaling/target-lifecycle-state';

/** What the machines of one fleet share. */
export function fakeFleet({ visibilitySeconds = 30, maximumReceives = 1000 } = {}) {
  const clock = new FakeClock();
  return {
    ...{ clock, queue: new FakeQueue(clock, visibilitySeconds, maximumReceives), results: new FakeResults() },
    ...{ table: new FakeTable(clock), group: new FakeGroup(), states: new FakeStates(), metrics: new FakeMetrics() },
    ...{ downloads: new FakeDownloads(), maximumReceives },
  };
}

export interface MachineOptions {
  readonly fleet?: ReturnType<typeof fakeFleet>;
  readonly instanceId?: string;
  readonly config?: Readonly<Record<string, unknown>>;
  readonly log?: Log;
}

/** An agent on fakes, in service as soon as it runs. */
export function fakeMachine(folder: string, options: MachineOptions = {}) {
  const { fleet = fakeFleet(), instanceId = 'i-1', log = () => undefined } = options;
  const [metadata, processes] = [new FakeMetadata(), new FakeProcesses()];
  metadata.values.set('meta-data/instance-id', instanceId);
  metadata.values.set(TARGET, 'InService');
  fleet.group.actions.add(`first-heartbeat ${instanceId}`);
  const config = parseWorkerConfig(workerConfigText(options.config));
  const own = mkdtempSync(join(folder, 'machine-'));
  const queues = new Map(config.queues.map(({ name }) => [name, fleet.queue]));
  const agent = new Agent({
    ports: { ...fleet, metadata, processes, queues, random: () => 0.5 },
    ...{ config, log, version: '1.2.3', instanceId, folder: own, outboxFolder: join(own, 'outbox') },
    invoke: ({ env }) => ({ command: config.program.command, env, limits: config.limits }),
  });
  return { ...fleet, metadata, processes, config, agent, folder: own };
}
