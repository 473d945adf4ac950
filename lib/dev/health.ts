import type { ProjectHealth } from '../openstack-api/cloud-api.ts';
import { firstOf } from '../text/listed.ts';
import { unhealthy } from './errors.ts';
import type { DevPorts } from './ports.ts';
import type { DevEnvironment } from './workspace.ts';

/** State of an environment: what is healthy, what is still changing, and what will not recover by waiting. */
export interface HealthVerdict {
  readonly ready: number;
  readonly waiting: readonly string[];
  readonly failed: readonly string[];
}

/** How long to wait for what is still changing, in seconds. */
const PATIENCE_SECONDS = 600;

/** Pure. A frozen environment is healthy when everything is shelved. */
export function judgeHealth(health: ProjectHealth, state: 'active' | 'frozen'): HealthVerdict {
  const waiting: string[] = [];
  const failed: string[] = [];
  let ready = 0;
  for (const { name, status, task, fault } of health.servers) {
    const wanted = state === 'active' ? ['ACTIVE'] : ['SHELVED_OFFLOADED', 'SHELVED'];
    if (status === 'ERROR') failed.push(`server ${name} is in ERROR${fault === '' ? '' : `: ${fault}`}`);
    else if (!wanted.includes(status) || task !== '')
      waiting.push(`server ${name} is ${status}${task === '' ? '' : ` (${task})`}`);
    else ready += 1;
  }
  for (const { name, provisioning, operating } of health.balancers) {
    if (provisioning === 'ERROR') failed.push(`load balancer ${name} is in ERROR`);
    else if (provisioning !== 'ACTIVE') waiting.push(`load balancer ${name} is ${provisioning}`);
    // Without its servers a frozen one cannot be online; providers without health monitoring never say so.
    else if (state === 'active' && operating === 'OFFLINE') waiting.push(`load balancer ${name} is OFFLINE`);
    else if (state === 'active' && operating === 'ERROR')
      waiting.push(`load balancer ${name} reaches none of its servers`);
    else ready += 1;
  }
  return { ready, waiting, failed };
}

/**
 * Waits until every server is active and every load balancer online.
 * @throws TandemError `environment-unhealthy` naming what is unhealthy
 */
export async function waitUntilHealthy(ports: DevPorts, environment: DevEnvironment, projectId: string): Promise<void> {
  const cloud = ports.cloud(environment.cloud);
  const started = ports.clock.monotonic();
  let told = '';
  for (let round = 0; ; round += 1) {
    const verdict = judgeHealth(await cloud.health(projectId), environment.lease.value.state);
    if (verdict.failed.length > 0) throw unhealthy(environment.name, verdict.failed);
    if (verdict.waiting.length === 0) return;
    if (ports.clock.monotonic() - started > PATIENCE_SECONDS * 1000) throw unhealthy(environment.name, verdict.waiting);
    const line = `${verdict.ready} ready; waiting: ${firstOf(verdict.waiting, 3)}`;
    if (line !== told) ports.io.progress(line);
    told = line;
    await ports.clock.sleep(Math.min(500 * 1.3 ** round, 5000), ports.signal);
  }
}
