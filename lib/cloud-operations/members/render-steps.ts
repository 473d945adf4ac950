import { inventoryOf, playArguments } from '../../engines/kolla/kolla-plays.ts';
import { treeFolder } from '../../engines/kolla/written-tree.ts';
import type { HostCommand } from '../../private-cloud/members/ports.ts';
import { inBroker, inRaft, nodeOf } from '../../private-cloud/members/questions.ts';
import type { Action, Expectation, MemberStep } from '../../private-cloud/members/step.ts';
import { shellWord } from '../../text/shell-word.ts';

/** The steps as people read and type them: `$` runs, `?` asks until it is so, `>` is done by the APIs of the cloud. */
export function renderSteps(cloud: string, steps: readonly MemberStep[], engine: string): string {
  const folder = treeFolder(cloud);
  const lines = steps.flatMap((step) => [
    step.key,
    ...step.unavailable.map((what) => `   unavailable: ${what}`),
    ...step.actions.flatMap((action) => linesOf(action, folder, engine).map((line) => `   ${line}`)),
    '',
  ]);
  return lines.join('\n');
}

function linesOf(action: Action, folder: string, engine: string): string[] {
  const typed = ({ host, container, argv }: HostCommand) =>
    `$ ${host}: ${words([...(container === undefined ? [] : [engine, 'exec', container]), ...argv])}`;
  switch (action.kind) {
    case 'play': {
      const { play } = action;
      const line = words(['kolla-ansible', ...playArguments(play, folder, inventoryOf(folder, play))]);
      return [`${play.verb === 'check' ? '?' : '$'} ${play.oneByOne === true ? 'ANSIBLE_FORKS=1 ' : ''}${line}`];
    }
    case 'command':
      return [typed(action.command)];
    case 'copies': {
      const [by = ''] = action.by.filter((host) => host !== action.host);
      const node = nodeOf(action.host);
      const queues = action.change === 'add' ? ['grow', node, 'all'] : ['shrink', node];
      const streams = [action.change === 'add' ? 'add_replica' : 'delete_replica', 'STREAM', node];
      return [
        typed(inBroker(by, ['rabbitmq-queues', ...queues], 300)),
        `${typed(inBroker(by, ['rabbitmq-streams', ...streams], 60))}   for each stream`,
        `? ${by}: every queue and stream ${action.change === 'add' ? 'has a working copy on' : 'has left'} ${action.host}`,
      ];
    }
    case 'drain-broker':
      return [typed(inBroker(action.host, ['rabbitmq-upgrade', 'drain'], 300))];
    case 'forget-broker':
      return [typed(inBroker(action.by[0] ?? '', ['rabbitmqctl', 'forget_cluster_node', nodeOf(action.host)], 120))];
    case 'kick':
      return [typed(inRaft(action.by[0] ?? '', action.database, ['cluster/kick', action.database, action.address]))];
    case 'units': {
      const units = action.containers?.map((container) => `kolla-${container}-container.service`) ?? [
        'kolla-*-container.service',
      ];
      return [typed({ host: action.host, argv: ['systemctl', 'disable', '--now', ...units] })];
    }
    case 'empty':
      return [
        `> Nova: every server leaves ${action.host}${action.isOff ? ', rebuilt on other hosts' : ' by live migration'}`,
      ];
    case 'holds-no-volumes':
      return [`? Cinder: no volume is on ${action.host}`];
    case 'forget-volumes':
      return [
        typed({
          host: action.by[0] ?? '',
          container: 'cinder_api',
          argv: ['cinder-manage', 'service', 'remove', 'BINARY', action.host],
        }),
      ];
    case 'api':
      return [`> ${API[action.does]} ${action.host}`];
    case 'verify':
      return [`? ${expected(action.expectation)}`];
  }
}

const API = {
  disable: 'Nova: no new server on',
  enable: 'Nova: servers may go to',
  'force-down': 'Nova: take it for down, which must be off or fenced:',
  'forget-compute': 'Nova: forget the compute service of',
  'forget-controller': 'Nova: forget the scheduler and conductor of',
  'forget-agents': 'Neutron: forget the agents of',
} as const;

function expected(expectation: Expectation): string {
  if ('host' in expectation) {
    const who = { compute: 'Nova', agents: 'Neutron', volumes: 'Cinder' }[expectation.kind];
    return `${who} ${expectation.isThere ? 'sees' : 'no longer knows'} ${expectation.host}`;
  }
  const { hosts: those, perhaps = [] } = expectation;
  const hosts = `${those.join(', ')}${perhaps.length > 0 ? ` (perhaps ${perhaps.join(', ')} as well)` : ''}`;
  return {
    database: `MariaDB on each of ${hosts}: synced, and sees these and no others`,
    brokers: `RabbitMQ on each of ${hosts}: sees these and no others; every queue and stream has its copies`,
    raft: `OVN’s databases on each of ${hosts}: count these and no others, and have a leader`,
    vips: `each VIP is on one of ${hosts}`,
  }[expectation.kind];
}

function words(argv: readonly string[]): string {
  return argv.map(shellWord).join(' ');
}
