import type { AnyComponent } from '../bring-up/tier-software.ts';
import { SHIPPED } from '../components/shipped.ts';
import type { JsonSchema } from '../config/json-schema.ts';
import { referenceFiles, toJson } from '../config/reference.ts';
import { fieldsOf } from '../config/reference-page.ts';

const PAGE = 'docs/reference/components.md';

const HEAD = `# Components

Generated from \`lib/components/\` by \`npm run docs\`. A tier of a blueprint runs them: \`runs: [memcached]\`, or with settings
\`runs: { cassandra: { heapMiB: 4096, clients: [api] } }\`. Besides its own settings each has \`clients\`: who may connect to its ports for clients; those
between its members are open. Settings are in servers' metadata where a file names them by \`value\`: a change of them replaces no server.
Your own stand in \`components/custom/\`: [an example](../examples/components/gearman/component.yaml), [its fields](configuration.md).
`;

/** The reference of configuration files, with the settings of shipped components in it, and their page. */
export function reference(): Map<string, string> {
  return new Map([...referenceFiles(runsSchema()), [PAGE, [HEAD, ...SHIPPED.map(section)].join('\n')]]);
}

/** What `runs` of a tier takes, for editors: settings of shipped components; whatever others take. */
function runsSchema(): JsonSchema {
  const clients: JsonSchema = {
    description: 'Who may connect to its ports for clients.',
    type: 'array',
    items: { type: 'string' },
  };
  const properties = SHIPPED.map(({ name, description, settings }) => {
    const { $schema: _, ...own } = toJson(settings);
    return [name, { ...own, description, properties: { clients, ...own.properties } }] as const;
  });
  return { properties: Object.fromEntries(properties) };
}

function section(component: AnyComponent): string {
  const { name, title, version, home, description, settings, data, hooks, secrets = [] } = component;
  const defaults = settings.safeParse({});
  const ports = defaults.success ? component.ports(defaults.data) : [];
  const facts = [
    ...ports.map(
      ({ name: what, port, protocol, from }) =>
        `port ${port}${protocol === 'udp' ? '/udp' : ''} (${what}) for ${from === 'local' ? 'itself' : from}`,
    ),
    ...data.map(({ path }) => `data in \`${path}\``),
    ...(hooks.drain === undefined ? [] : ['drained before it stops']),
    ...(hooks.backup === undefined ? [] : ['has a backup']),
    ...secrets.map(({ name: secret }) => `secret \`${secret}\``),
  ];
  const rows = fieldsOf(toJson(settings));
  return [
    `## \`${name}\``,
    '',
    `[${title}](${home}) ${version}. ${description}${/[.]$/.test(description) ? '' : '.'}${facts.length === 0 ? '' : ` By default: ${facts.join(', ')}.`}`,
    '',
    ...(rows.length > 2 ? [...rows, ''] : []),
  ].join('\n');
}
