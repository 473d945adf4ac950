import { spawn } from 'node:child_process';
import { type AgentProcess, startAgent, until } from '../test/packages/worker-agent/agent-process.ts';
import { bundleAgent, LabCluster } from '../test/packages/worker-agent/cluster.ts';
import { aboveOthers } from './above-others.ts';
import { type Benchmark, median } from './benchmark.ts';

const AGENTS = 20;
const JOBS = 200;
const ROUNDS = 3;
const MOST_MEGABYTES = 100;
const JOB = ['/bin/sleep', '1'] as const;

/**
 * The ideal is taken at the same time: the same commands, as many at a time, by a shell that does nothing else. So a moment in which
 * the machine is busy counts for both or for neither; that the two share it counts against the agents. The ratio is the middle one of
 * some rounds. Starting the agents does not count: in production each has a machine of its own for that.
 */
export const benchmark: Benchmark = {
  title: `${JOBS} one-second jobs on ${AGENTS} agents are done at 95 % of the ideal`,
  atMost: 1 / 0.95,
  measure: async (progress) => {
    const restore = aboveOthers();
    const cluster = await LabCluster.start({ visibilitySeconds: 300 });
    const agents: AgentProcess[] = [];
    try {
      const bundle = bundleAgent(cluster.folder);
      const configFile = cluster.configFile(JOB, { pollSeconds: 5 });
      for (let index = 0; index < AGENTS; index += 1) agents.push(await startAgent(cluster, bundle, configFile));
      await until('all agents are ready', () => agents.every((agent) => agent.log().includes('"ready"')), 120);
      // Twenty agents that load their code at once have a machine each where they work, and two processors between them here.
      await work(cluster, 'warm', 2 * AGENTS);
      const rounds: { readonly measured: number; readonly yardstick: number }[] = [];
      for (let round = 1; round <= ROUNDS; round += 1) {
        const [measured, yardstick] = await Promise.all([work(cluster, `round-${round}`, JOBS), ideal()]);
        progress(`${measured.toFixed(2)} s for ${JOBS / AGENTS} s of work each; a shell ${yardstick.toFixed(2)} s`);
        rounds.push({ measured, yardstick });
      }
      const middle = median(rounds.map(({ measured, yardstick }) => measured / yardstick));
      const round = rounds.find(({ measured, yardstick }) => measured / yardstick === middle) ?? rounds[0];
      const peak = Math.max(...agents.map((agent) => agent.peakMegabytes()));
      progress(`the largest agent has ${peak.toFixed(0)} MB`);
      const broken = peak <= MOST_MEGABYTES ? [] : [`an agent took ${peak.toFixed(0)} MB, at most ${MOST_MEGABYTES}`];
      return { measured: round?.measured ?? NaN, yardstick: round?.yardstick ?? NaN, unit: 's', broken };
    } finally {
      for (const { child } of agents) child.kill('SIGKILL');
      await cluster.close();
      restore();
    }
  },
};

/** From the moment that the jobs are in the queue until the last result is in the bucket. */
async function work(cluster: LabCluster, name: string, jobs: number): Promise<number> {
  const started = performance.now();
  const ids = Array.from({ length: jobs }, (_, index) => `${name}-${index}`);
  for (const id of ids) cluster.send(JSON.stringify({ id }));
  await until('all jobs are done', () => ids.every((id) => cluster.versions(id) === 1), 120);
  return (performance.now() - started) / 1000;
}

/** In a process of its own: this one answers the agents' calls. */
async function ideal(): Promise<number> {
  const times = (count: number, what: string): string => `for i in $(seq ${count}); do ${what} done`;
  const script = `${times(AGENTS, `(${times(JOBS / AGENTS, `${JOB.join(' ')};`)}) &`)}; wait`;
  const started = performance.now();
  await new Promise((resolve) => spawn('/bin/bash', ['-c', script], { stdio: 'ignore' }).once('exit', resolve));
  return (performance.now() - started) / 1000;
}
