import type { HostCommand } from '../../private-cloud/members/ports.ts';
import { inBroker } from '../../private-cloud/members/questions.ts';
import { compareContainers } from '../../private-cloud/status/containers.ts';
import { compareMembers } from '../../private-cloud/status/members.ts';
import type { Difference } from '../../private-cloud/status/report.ts';
import { shortName } from '../../private-cloud/status/short-name.ts';
import { firstOf } from '../../text/listed.ts';
import { StepFault } from '../members/errors.ts';
import { surveyMembers } from '../status/survey-hosts.ts';
import { keepalived, MARK, REASON, returnGateways } from './drain.ts';
import { type MaintenancePlace, runAll } from './place.ts';
import type { MaintenancePorts } from './ports.ts';

/** Seconds for hosts to answer and for containers and members to be whole: a member of Galera may copy the whole database. */
const PATIENCE = 7200;
const EVERY = 10;

/**
 * Puts hosts back into service: waits until they answer, gives back what `drain` took, waits until every container is healthy and the
 * members count each other again, and only then lets servers come. May be done again.
 * @throws StepFault with what is not as it should be
 */
export async function giveBack(
  hosts: readonly string[],
  ports: MaintenancePorts,
  place: MaintenancePlace,
): Promise<void> {
  const { expected, gateways, signal } = place;
  const on = (those: readonly string[]): string[] => hosts.filter((host) => those.includes(host));
  await waitFor(ports, place, async () => {
    const found = await ports.surveys.survey(hosts, [], signal);
    return hosts.filter((host) => !found.has(host)).map((host) => `${host} does not answer`);
  });
  await runAll(
    ports,
    on(expected.places.balancers).map((host) => keepalived(host, 'start')),
    signal,
  );
  await waitFor(ports, place, () => faultsOf(hosts, ports, place));
  await returnGateways(on(gateways), ports, signal);
  await runAll(
    ports,
    [
      // After a restart it is no longer drained, and this changes nothing.
      ...on(expected.places.brokers).map((host) => inBroker(host, ['rabbitmq-upgrade', 'revive'], 120)),
      ...hosts.map((host): HostCommand => ({ host, argv: ['rm', '-f', MARK] })),
    ],
    signal,
  );
  await waitFor(ports, place, async () => {
    const services = await ports.api.computeServices(signal);
    return on(expected.compute).flatMap((host) =>
      services.some((service) => shortName(service.host) === host && service.isUp)
        ? []
        : [`nova-compute on ${host} is down`],
    );
  });
  for (const { host, isEnabled, disabledReason } of await ports.api.computeServices(signal))
    if (hosts.includes(shortName(host)) && !isEnabled && disabledReason === REASON)
      await ports.api.enable(host, signal);
}

/** What members, and the containers of some hosts, say that is not as it should be. */
export async function faultsOf(
  hosts: readonly string[],
  { surveys }: Pick<MaintenancePorts, 'surveys'>,
  { expected, signal }: MaintenancePlace,
): Promise<string[]> {
  const { places } = expected;
  const found = await surveyMembers(surveys, hosts, places, signal);
  signal.throwIfAborted();
  const members = [...new Set([...places.database, ...places.brokers, ...places.raft, ...places.balancers])];
  const own = new Map([...found.surveys].filter(([host]) => hosts.includes(host)));
  return [
    ...[...new Set([...hosts, ...members])]
      .filter((host) => !found.surveys.has(host))
      .map((host) => `${host} does not answer`),
    ...[
      ...compareMembers(expected, found.membership, (host) => found.surveys.has(host)),
      // Images and files that changed are no matter of a restart.
      ...compareContainers(expected, own).filter(({ expected }) => expected === 'runs' || expected === 'healthy'),
    ].map(sentence),
  ];
}

function sentence({ area, subject, expected, found }: Difference): string {
  return `${area === 'containers' ? '' : `${area}: `}${subject}: ${found}; should be: ${expected}`;
}

async function waitFor(
  { sleep, onWait }: MaintenancePorts,
  { signal }: MaintenancePlace,
  ask: () => Promise<readonly string[]>,
): Promise<void> {
  let faults: readonly string[] = [];
  for (let waited = 0; waited <= PATIENCE; waited += EVERY) {
    signal.throwIfAborted();
    faults = await ask();
    const [first] = faults;
    if (first === undefined) return;
    onWait(first);
    await sleep(EVERY, signal);
  }
  throw new StepFault(`after ${PATIENCE / 3600} h: ${firstOf(faults, 3, '; ')}`);
}
