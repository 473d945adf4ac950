import { hostArgument } from '../../arguments.ts';
import { defineVerb } from '../../define-verb.ts';
import { cloudFlag, optionalText, takesAny, toggle } from '../../flags.ts';

export const cloudMaintainVerb = defineVerb({
  brief: 'Take hosts out of service in groups that lose nothing, work on them, and put them back',
  description: [
    'Hosts go in groups: of one rack; no majority, replica, gateway or balancer is missed; every server finds another host of its zone, even',
    'if one host more fails meanwhile. A host that cannot go even alone is refused, with what lacks. The deployment host goes last.',
    '',
    'Shows the groups. With --run, each group is judged again by what is there, then: Nova places nothing there, servers move away, routers, VIPs',
    'and queues go to others; the work is done (by default the operator is waited for); all containers and members are whole again, and Nova may',
    'place servers. In the journal: run again, it goes on. Hosts that Kolla does not know, and the one that Tandem runs on, are left to you.',
  ].join('\n'),
  examples: [
    { command: 'tandem cloud maintain --all', does: 'every host of the default cloud' },
    { command: 'tandem cloud maintain compute-a control-b-1 --cloud paris', does: 'a group of hosts, and one host' },
    { command: 'tandem cloud maintain rack/a --json', does: 'the hosts of a rack' },
    { command: 'tandem cloud maintain --all --run --reboot', does: 'ask, and restart them' },
    { command: 'tandem cloud maintain --give-back', does: 'end an unfinished run' },
  ],
  flags: {
    cloud: cloudFlag,
    all: toggle('Every host of the cloud'),
    run: toggle('Do it; without it the groups are only shown'),
    reboot: toggle('Restart each host'),
    off: toggle('Switch each host off, and wait until you say that it is on again'),
    command: optionalText(
      'Run a shell command as root on each host; it may be run again after an interruption',
      'TEXT',
    ),
    giveBack: toggle('Put back what an unfinished run took out of service, as it is, and end that run'),
    degraded: toggle('Also take hosts, one by one, whose absence stops a service or leaves no spare host'),
  },
  arguments: takesAny(hostArgument),
  asks: true,
  action: async (context, flags, ...hosts) =>
    (await import('../../../actions/cloud/maintain.ts')).maintainCloud(context, { ...flags, hosts }),
  json: {
    format: 'tandem.cloud-maintain/1',
    schema: async () => (await import('../../../actions/cloud/schemas/maintain.ts')).maintainSchema,
  },
  render: async (result, view) => (await import('../../render/cloud-maintain.ts')).renderMaintain(result, view),
});
