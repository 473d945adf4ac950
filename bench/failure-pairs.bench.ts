import { loadAndCheck } from '../lib/config/check.ts';
import { directoryFiles } from '../lib/config/files.ts';
import type { Project } from '../lib/config/project.ts';
import type { Cloud } from '../lib/config/schema/cloud.ts';
import { partsOf } from '../lib/private-cloud/failure/failures.ts';
import { compile } from '../lib/private-cloud/failure/model.ts';
import { reportFailures } from '../lib/private-cloud/failure/report.ts';
import { placeLeases } from '../lib/private-cloud/placement/placement.ts';
import { topologyOf } from '../lib/private-cloud/topology/topology.ts';
import { naivelyDown, pairsOf } from '../test/lib/private-cloud/failure/oracle.ts';
import { type Benchmark, median } from './benchmark.ts';
import { ROOT } from './projects.ts';

/** What all singles and pairs of 200 hosts may take. */
const SECONDS = 2;
/** Pairs that the plain loop judges; its cost for all is counted from these. */
const SAMPLE = 500;

/** All singles and pairs of a cloud of 200 hosts, its servers placed again each time, against a plain loop over hosts and services. */
export const benchmark: Benchmark = {
  title: 'simulate-failure, all singles and pairs of 200 hosts, against a plain loop over services alone',
  atMost: 0.5,
  measure: (progress) => {
    const { project, cloud } = largeCloud();
    const topology = topologyOf('paris', cloud);
    const runs = [1, 2, 3].map(() => {
      const started = performance.now();
      const inputs = { model: compile(cloud, topology), placement: placeLeases(project, 'paris') };
      const report = reportFailures(inputs, { pairs: true });
      const seconds = (performance.now() - started) / 1000;
      const pairs = report.pairs?.reduce((sum, group) => sum + group.pairs, 0) ?? 0;
      progress(`${report.hosts} hosts, ${report.servers} servers, ${pairs} pairs: ${seconds.toFixed(2)} s`);
      return { seconds, pairs };
    });
    const measured = median(runs.map(({ seconds }) => seconds));
    const all = pairsOf(partsOf(topology));
    const sample = all.filter((_, at) => at % Math.ceil(all.length / SAMPLE) === 0);
    const started = performance.now();
    for (const pair of sample) naivelyDown(cloud, topology, pair);
    const yardstick = (((performance.now() - started) / 1000) * all.length) / sample.length;
    const broken = measured > SECONDS ? [`${measured.toFixed(2)} s, at most ${SECONDS} s`] : [];
    return Promise.resolve({ measured, yardstick, unit: 's', broken });
  },
};

/** The shipped cloud, grown to 200 hosts by its compute racks, with forty leases for each of its own. */
function largeCloud(): { project: Project; cloud: Cloud } {
  const { project } = loadAndCheck(directoryFiles(ROOT), new Date());
  const paris = project?.clouds.get('paris');
  if (project === undefined || paris === undefined) throw new Error('the shipped configuration has no cloud paris');
  const counts: Readonly<Record<string, number>> = { 'compute-a': 58, 'compute-b': 57, 'compute-c': 57 };
  const hosts = Object.fromEntries(
    Object.entries(paris.value.hosts).map(([group, host]) => [group, { ...host, count: counts[group] ?? host.count }]),
  );
  const cloud: Cloud = { ...paris.value, hosts };
  const leases = new Map(
    [...project.leases.values()].flatMap((lease) =>
      Array.from({ length: 40 }, (_, at) => [`${lease.name}${at}`, { ...lease, name: `${lease.name}${at}` }] as const),
    ),
  );
  return { project: { ...project, clouds: new Map([['paris', { ...paris, value: cloud }]]), leases }, cloud };
}
