import type { Measured } from '../../../../lib/fleet/look/measure.ts';
import { type FleetReport, fleetReport, type ReportInput } from '../../../../lib/fleet/look/report.ts';
import type { FleetView, Machine } from '../../../../lib/fleet/view.ts';

/** When the fleet of the tests is looked at. */
export const AT = Date.parse('2026-11-28T03:00:00Z');

/** A machine that works. */
export function machine(number: number, change: Partial<Machine> = {}): Machine {
  return {
    id: `i-${number.toString(16).padStart(17, '0')}`,
    zone: `eu-west-3${'abc'.charAt(number % 3)}`,
    type: 'c7g.xlarge',
    lifecycleState: 'InService',
    state: 'running',
    health: 'healthy',
    protectedFromScaleIn: false,
    launchedAt: AT - (number + 1) * 3_600_000,
    imageId: 'ami-0001',
    templateVersion: '7',
    purchase: 'on-demand',
    warm: false,
    program: '1.2.0',
    heartbeat: {
      at: AT - 5000,
      state: 'busy',
      job: `job-${number}`,
      jobSince: AT - 90_000,
      version: '0.3.0',
      program: '1.2.0',
    },
    ...change,
  };
}

export function view(machines: readonly Machine[], change: Partial<FleetView['group']> = {}): FleetView {
  const group = {
    ...{ name: 'acme-prod-workers', minimum: 1, maximum: 500, desired: machines.length },
    ...{
      zones: ['eu-west-3a', 'eu-west-3b', 'eu-west-3c'],
      suspended: ['AZRebalance'],
      minimumHealthyPercent: 90,
      hasWarmPool: false,
    },
    ...change,
  };
  return { at: AT, group, machines, current: { template: '7', image: 'ami-0001', program: '1.2.0' } };
}

export const measured: Measured = {
  queues: [{ name: 'jobs', waiting: 1204, running: 3, oldestSeconds: 725, deadLetters: 0 }],
  onDemand: { used: 400, quota: 4000 },
  spot: { used: 0, quota: 4000 },
};

export function report(machines: readonly Machine[], change: Partial<ReportInput> = {}): FleetReport {
  return fleetReport({
    ...{ environment: 'prod', account: '111122223333', region: 'eu-west-3', view: view(machines), measured },
    ...{ addresses: { 'eu-west-3a': 300, 'eu-west-3b': 301, 'eu-west-3c': 302 }, choice: {} },
    ...change,
  });
}
