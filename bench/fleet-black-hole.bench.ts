import { type AgentProcess, startAgent, until } from '../test/packages/worker-agent/agent-process.ts';
import { bundleAgent, LabCluster } from '../test/packages/worker-agent/cluster.ts';
import type { Benchmark } from './benchmark.ts';

const AGENTS = 20;
const JOBS = 400;

/** Agents are real processes; the one whose command fails at once takes jobs the fastest. */
export const benchmark: Benchmark = {
  title: `a black-hole machine among ${AGENTS}: healthy jobs of ${JOBS} in the dead-letter queue, against none`,
  atMost: 0,
  measure: async (progress) => {
    const cluster = await LabCluster.start({ visibilitySeconds: 60, maximumReceives: 5 });
    const agents: AgentProcess[] = [];
    try {
      const bundle = bundleAgent(cluster.folder);
      const [sick, well] = [['/bin/false'], ['/bin/sleep', '1']].map((command) => cluster.configFile(command));
      for (let index = 0; index < AGENTS; index += 1)
        agents.push(await startAgent(cluster, bundle, (index === 0 ? sick : well) ?? ''));
      await until('all agents are ready', () => agents.every((agent) => agent.log().includes('"ready"')), 300);
      const ids = Array.from({ length: JOBS }, (_, index) => `healthy-${index}`);
      const started = performance.now();
      for (const id of ids) cluster.send(JSON.stringify({ id }));
      const isSettled = (id: string): boolean => cluster.versions(id) > 0;
      const dead = (): number => cluster.deadLetters.counts().ready;
      await until('all jobs are done or dead', () => ids.filter(isSettled).length + dead() >= JOBS, 600);
      const twice = ids.filter((id) => cluster.versions(id) > 1).length;
      const isGivenUp = agents[0]?.log().includes('"instance set unhealthy"') === true;
      progress(
        `${((performance.now() - started) / 1000).toFixed(0)} s; the sick one ${isGivenUp ? 'gave up' : 'goes on'}`,
      );
      const broken = [
        ...(isGivenUp ? [] : ['the sick machine goes on taking jobs']),
        ...(twice === 0 ? [] : [`${twice} jobs have two results`]),
      ];
      return { measured: dead(), yardstick: 1, unit: 'jobs', broken };
    } finally {
      for (const { child } of agents) child.kill('SIGKILL');
      await cluster.close();
    }
  },
};
