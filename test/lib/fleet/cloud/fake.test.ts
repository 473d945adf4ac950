import { fakeCloud, type NextFault } from '../world/fake-cloud.ts';
import { GROUP, World } from '../world/world.ts';
import { cloudContract } from './contract.ts';
import { controlsOf } from './model-bench.ts';

cloudContract('the fake over the model', async () => {
  const world = new World({ machines: 5, minimum: 2, maximum: 12, jobs: 0 });
  const faults: NextFault[] = [];
  const advance = async (milliseconds: number): Promise<void> => {
    await Promise.resolve();
    world.advance(world.now() + milliseconds);
  };
  return {
    ...controlsOf(GROUP, () => world.model),
    ...{ cloud: fakeCloud(world, { faults }), minimum: 2, maximum: 12, now: () => world.now(), advance },
    settle: () => advance(600_000),
    beat: async (id, heartbeat) => world.beat(id, heartbeat),
    fault: (fault) => void faults.push(fault),
    reach(id, reachable) {
      if (reachable) world.unreached.delete(id);
      else world.unreached.add(id);
    },
    commands: (id) => world.told.get(id) ?? [],
    async send(jobs) {
      // So long that no agent takes one before it is counted.
      for (let index = 0; index < jobs; index += 1) world.send(1);
    },
    worked: async (seconds) => void world.jobSeconds.push(...seconds),
    close: async () => undefined,
  };
});
