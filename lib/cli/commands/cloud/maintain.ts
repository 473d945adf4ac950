import { hostArgument } from '../../arguments.ts';
import { defineVerb } from '../../define-verb.ts';
import { optionalText, takesAny, toggle } from '../../flags.ts';

export const cloudMaintainVerb = defineVerb({
  brief: 'Show which hosts may be out of service at once, in which order, and what stays meanwhile',
  description: [
    'Hosts go in groups: of one rack; no majority, replica, gateway or balancer is missed; every server finds another host of its zone, even',
    'if one host more fails meanwhile. A host that cannot go even alone is refused, with what lacks. The deployment host goes last.',
  ].join('\n'),
  examples: [
    { command: 'tandem cloud maintain --all', does: 'every host of the default cloud' },
    { command: 'tandem cloud maintain compute-a control-b-1 --cloud paris', does: 'a group of hosts, and one host' },
    { command: 'tandem cloud maintain rack/a --json', does: 'the hosts of a rack' },
  ],
  flags: {
    cloud: optionalText("Cloud; default: the organisation's defaultCloud", 'NAME'),
    all: toggle('Every host of the cloud'),
    degraded: toggle('Also take hosts, one by one, whose absence stops a service or leaves no spare host'),
  },
  arguments: takesAny(hostArgument),
  action: async (context, { cloud, all, degraded }, ...hosts) =>
    (await import('../../../actions/cloud/maintain.ts')).maintainCloud(context, { cloud, all, degraded, hosts }),
  json: {
    format: 'tandem.cloud-maintain/1',
    schema: async () => (await import('../../../actions/cloud/schemas/maintain.ts')).maintainSchema,
  },
  render: async (result, view) => (await import('../../render/cloud-maintain.ts')).renderMaintain(result, view),
});
