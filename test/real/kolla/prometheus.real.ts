/**
 * Prometheus takes what Kolla makes of its own configuration and the files that are laid over it: jobs, and rules by their place. With `npm run
 * test:chaos` alone: to render one takes minutes, and little changes it.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { parse } from 'yaml';
import { topologyOf } from '../../../lib/private-cloud/topology/topology.ts';
import { isWhole } from '../../chaos.ts';
import { backedUp, paris } from '../../lib/private-cloud/failure/clouds.ts';
import { generateConfiguration, writeSite } from './kolla.ts';
import { promtool } from './promtool.ts';

const folder = mkdtempSync(join(tmpdir(), 'tandem-prometheus-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it.runIf(isWhole)(
  'the configuration of paris, with backups, is one',
  async () => {
    const cloud = backedUp(paris);
    const host = topologyOf('paris', cloud).hosts.find(({ roles }) => roles.includes('monitoring'))?.name ?? '';
    await generateConfiguration(writeSite(folder, 'paris', cloud), ['prometheus'], [host]);
    const own = join(folder, 'out', host, 'prometheus-server');
    const file = join(own, 'prometheus.yml');
    // Beside it, as in the container.
    writeFileSync(file, readFileSync(file, 'utf8').replaceAll('/etc/prometheus/', `${own}/`));
    const said = execFileSync(promtool(), ['check', 'config', file], { encoding: 'utf8', stdio: 'pipe' });
    expect(said).toMatch(/SUCCESS: 1 rule files found/);
    expect(said).toMatch(/SUCCESS: \d+ rules found/);
    expect(readdirSync(own)).toContain('tandem.rules');
    const { scrape_configs: jobs } = parse(readFileSync(file, 'utf8')) as { scrape_configs: { job_name: string }[] };
    const names = jobs.map(({ job_name: name }) => name);
    expect(names).toEqual(expect.arrayContaining(['node', 'mysqld', 'rabbitmq', 'tandem_queues', 'tandem_probes']));
    expect(new Set(names).size).toBe(names.length);
  },
  1_500_000,
);
