import type { Action } from '../../private-cloud/members/step.ts';
import { runPlay } from '../run.ts';
import { drainBroker, forgetBroker, kick, moveCopies } from './act-quorum.ts';
import { type ActionPlace, type ActionPorts, run } from './action-ports.ts';
import { emptyHost } from './empty-host.ts';
import { StepFault } from './errors.ts';
import { expect } from './expect.ts';

/** Seconds without any progress after which waiting is given up. */
const PATIENCE = 300;

/**
 * Does one thing, and returns once it is so. May be called again for what was begun: what is done already is left as it is.
 * @throws StepFault; TandemError `host-unreachable`
 */
export async function act(action: Action, ports: ActionPorts, place: ActionPlace): Promise<void> {
  const { kind } = action;
  if (kind === 'play') {
    const { play } = action;
    const failed = (why: string, log: string) => new StepFault(`${play.verb} ${play.tags.join(',')}: ${why}`, log);
    await runPlay(ports.plays, play, place.inventory, place.signal, failed);
  } else if (kind === 'command') await run(ports, action.command, place.signal);
  else if (kind === 'copies') await moveCopies(action, ports, place);
  else if (kind === 'drain-broker') await drainBroker(action.host, ports, place);
  else if (kind === 'forget-broker') await forgetBroker(action, ports, place);
  else if (kind === 'kick') await kick(action, ports, place);
  else if (kind === 'units') await disableUnits(action, ports, place);
  else if (kind === 'empty') await empty(action, ports, place);
  else if (kind === 'api') await API[action.does](action.host, ports, place);
  else if (kind === 'holds-no-volumes') await requireNoVolumes(action.host, ports, place);
  else if (kind === 'forget-volumes') await forgetVolumes(action, ports, place);
  else await expect(action.expectation, ports, place);
}

type ByHost = (host: string, ports: ActionPorts, place: ActionPlace) => Promise<void>;

const API: Readonly<Record<Extract<Action, { kind: 'api' }>['does'], ByHost>> = {
  disable: (host, { api }, { signal }) => api.disable(host, 'tandem: this host leaves the cloud', signal),
  enable,
  'force-down': (host, { api }, { signal }) => api.forceDown(host, signal),
  'forget-compute': (host, { api }, { signal }) => api.deleteComputeService(host, signal),
  'forget-controller': (host, { api }, { signal }) => api.deleteControlServices(host, signal),
  'forget-agents': forgetAgents,
};

async function requireNoVolumes(host: string, { api }: ActionPorts, { signal }: ActionPlace): Promise<void> {
  const volumes = await api.volumesOn(host, signal);
  const [first] = volumes;
  if (first === undefined) return;
  const what = `"${first.name}" (${first.id}) among them`;
  throw new StepFault(`${volumes.length} volumes are on ${host}, ${what}: migrate them first`);
}

/** Kolla's units alone, and of those the named ones, with the numbered ones of the same container. */
async function disableUnits(
  { host, containers }: Extract<Action, { kind: 'units' }>,
  ports: ActionPorts,
  { signal }: ActionPlace,
): Promise<void> {
  const pattern = 'kolla-*-container.service';
  const argv = ['systemctl', 'list-unit-files', '--no-legend', '--no-pager', pattern];
  const { stdout } = await run(ports, { host, argv }, signal);
  const named = stdout.split('\n').flatMap((line) => {
    const [, unit, container = ''] = /^\s*(kolla-(\S+)-container\.service)(?:\s|$)/.exec(line) ?? [];
    const isMeant =
      containers?.some((name) => container === name || new RegExp(`^${name}_\\d+$`).test(container)) ?? true;
    return unit !== undefined && isMeant ? [unit] : [];
  });
  if (named.length === 0) return;
  await run(ports, { host, argv: ['systemctl', 'disable', '--now', ...named], timeoutSeconds: 300 }, signal);
}

async function empty(
  { host, isOff }: Extract<Action, { kind: 'empty' }>,
  { api, sleep }: ActionPorts,
  place: ActionPlace,
): Promise<void> {
  const evacuate = isOff ? (id: string, signal: AbortSignal) => api.evacuate(id, signal) : undefined;
  await emptyHost(host, { api, evacuate, sleep }, place);
}

async function enable(host: string, { api, sleep }: ActionPorts, { signal, onWait }: ActionPlace): Promise<void> {
  for (let waited = 0; waited < PATIENCE; waited += 5) {
    const service = (await api.computeServices(signal)).find((each) => each.host === host);
    if (service?.isEnabled === true) return;
    if (service !== undefined) {
      await api.enable(host, signal);
      return;
    }
    onWait?.(`Nova does not know ${host} yet`);
    await sleep(5, signal);
  }
  throw new StepFault(`Nova does not know ${host}, ${PATIENCE} s after its service was started`);
}

/** Neutron keeps an agent until it has been silent for a while. */
async function forgetAgents(host: string, { api, sleep }: ActionPorts, { signal, onWait }: ActionPlace): Promise<void> {
  for (let waited = 0; waited < PATIENCE; waited += 10) {
    await api.deleteAgents(host, signal);
    if (!(await api.networkAgents(signal)).some((agent) => agent.host === host)) return;
    onWait?.(`Neutron still takes the agents of ${host} for alive`);
    await sleep(10, signal);
  }
  throw new StepFault(`Neutron still knows agents of ${host}`);
}

async function forgetVolumes(
  { host, by }: Extract<Action, { kind: 'forget-volumes' }>,
  ports: ActionPorts,
  { signal }: ActionPlace,
): Promise<void> {
  const services = (await ports.api.volumeServices(signal)).filter((each) => each.host.split('@')[0] === host);
  for (const service of services) {
    const argv = ['cinder-manage', 'service', 'remove', service.binary, service.host];
    await run(ports, { host: by[0] ?? host, container: 'cinder_api', argv }, signal);
  }
}
