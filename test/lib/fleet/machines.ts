import type { FleetView, Machine } from '../../../lib/fleet/view.ts';

export const NOW = Date.UTC(2026, 10, 28);
const DAY = 86_400_000;

/** A busy machine in zone a, a day old. */
export function machine(changes: Partial<Machine> = {}): Machine {
  return {
    id: 'i-00000000000000001',
    zone: 'eu-west-3a',
    type: 'm7g.large',
    lifecycleState: 'InService',
    state: 'running',
    health: 'healthy',
    protectedFromScaleIn: false,
    launchedAt: NOW - DAY,
    imageId: 'ami-00000000000000001',
    templateVersion: '1',
    purchase: 'on-demand',
    warm: false,
    program: '1.0.0',
    heartbeat: { at: NOW - 5000, state: 'busy', job: 'job-1', version: '0.3.0', program: '1.0.0' },
    ...changes,
  };
}

/** A fleet of so many machines over three zones, each a day older than the next. */
export function fleet(count: number, changes: (index: number) => Partial<Machine> = () => ({})): FleetView {
  const machines = Array.from({ length: count }, (_, index) =>
    machine({
      id: `i-${String(index + 1).padStart(17, '0')}`,
      zone: `eu-west-3${'abc'[index % 3] ?? 'a'}`,
      launchedAt: NOW - (count - index) * DAY,
      ...changes(index),
    }),
  );
  const group = {
    ...{ name: 'acme-prod-analysis', minimum: 0, maximum: 500, desired: count, minimumHealthyPercent: 90 },
    ...{ zones: ['eu-west-3a', 'eu-west-3b', 'eu-west-3c'], suspended: [], hasWarmPool: false },
  };
  const current = { template: '1', image: 'ami-00000000000000001', program: '1.0.0' };
  return { at: NOW, group, machines, current };
}
