import type { Expectation } from '../../private-cloud/members/step.ts';
import { unmet } from '../../private-cloud/members/unmet.ts';
import { firstOf } from '../../text/listed.ts';
import type { ActionPlace, ActionPorts } from './action-ports.ts';
import { askMembership } from './ask.ts';
import { StepFault } from './errors.ts';

/**
 * How long members may take to say what is expected, in seconds. A member of Galera that joins copies the whole database from its donor;
 * all else is a matter of minutes.
 */
const PATIENCE: Readonly<Record<Expectation['kind'], number>> = {
  ...{ database: 7200, brokers: 600, raft: 600, vips: 120 },
  ...{ compute: 300, agents: 300, volumes: 300 },
};
const EVERY = 5;

/** Asks the members themselves until they say what is expected. @throws StepFault with what they say instead */
export async function expect(expectation: Expectation, ports: ActionPorts, place: ActionPlace): Promise<void> {
  let problems: readonly string[] = [];
  for (let waited = 0; waited <= PATIENCE[expectation.kind]; waited += EVERY) {
    place.signal.throwIfAborted();
    problems = await problemsOf(expectation, ports, place);
    if (problems.length === 0) return;
    place.onWait?.(problems[0] ?? '');
    await ports.sleep(EVERY, place.signal);
  }
  throw new StepFault(firstOf(problems, 3, '; '));
}

async function problemsOf(
  expectation: Expectation,
  { hosts, api }: ActionPorts,
  { places, signal }: ActionPlace,
): Promise<string[]> {
  switch (expectation.kind) {
    case 'compute': {
      const { host, isThere } = expectation;
      const service = (await api.computeServices(signal)).find((each) => each.host === host);
      if (!isThere) return service === undefined ? [] : [`Nova still knows the compute host ${host}`];
      if (service === undefined) return [`Nova does not know the compute host ${host}`];
      return service.isUp && service.isEnabled
        ? []
        : [`nova-compute on ${host} is ${service.isUp ? 'disabled' : 'down'}`];
    }
    case 'agents': {
      const { host, isThere } = expectation;
      const agents = (await api.networkAgents(signal)).filter((each) => each.host === host);
      if (!isThere) return agents.length === 0 ? [] : [`Neutron still knows agents of ${host}`];
      return agents.some(({ isAlive }) => isAlive) ? [] : [`no agent of Neutron on ${host} is alive`];
    }
    case 'volumes': {
      const { host, isThere } = expectation;
      const services = (await api.volumeServices(signal)).filter((each) => each.host.split('@')[0] === host);
      if (!isThere) return services.length === 0 ? [] : [`Cinder still knows services of ${host}`];
      return services.some(({ isUp }) => isUp) ? [] : [`no service of Cinder on ${host} is up`];
    }
    default: {
      const of = (kind: Expectation['kind']) => (expectation.kind === kind ? expectation.hosts : []);
      const asked = { database: of('database'), brokers: of('brokers'), raft: of('raft'), balancers: of('vips') };
      return unmet(expectation, await askMembership(hosts, { ...places, ...asked }, signal));
    }
  }
}
