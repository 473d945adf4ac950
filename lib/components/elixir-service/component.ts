import { defineComponent } from '../../bring-up/component.ts';
import { RELEASE_SECRETS, releaseFindings, releaseTiers, releaseValues } from '../shared/release.ts';
import { files } from './files.ts';
import { type ElixirServiceSettings, settings } from './settings.ts';

/** A program of one's own on Erlang and Elixir as Debian has them: an archive of sources, or a release of Mix.
 * @see https://elixir-lang.org/docs.html */
export const elixirService = defineComponent<ElixirServiceSettings>({
  name: 'elixir-service',
  title: 'Elixir service',
  description: 'A program of your own on Erlang and Elixir, fetched by its checksum and replaced in place.',
  version: '1.14',
  home: 'https://elixir-lang.org',
  evidence:
    'The sample of `examples/profile-service` was fetched, built and started by a change of metadata. On two cores shared with its queue, store and load, 15,000 of 15,000 writes were acknowledged at 1,500 a second (p99 75 ms), and none of 22,500 was lost while its store was killed.',
  settings,
  install: { packages: ['ca-certificates', 'curl', 'elixir'], users: ['elixir-service'] },
  ports: ({ port }) => [
    { name: 'http', port, protocol: 'tcp', from: 'clients' },
    { name: 'epmd', port: 4369, protocol: 'tcp', from: 'members' },
    { name: 'distribution', port: 9100, protocol: 'tcp', from: 'members' },
  ],
  peers: (given, tier) => [...new Set([tier, ...releaseTiers(given)])],
  values: ({ settings: given }) => releaseValues(given),
  files,
  units: () => ['elixir-service.service'],
  health: ({ port, check }) => `curl -fsS -o /dev/null --max-time 5 http://127.0.0.1:${port}${check}`,
  data: [{ path: '/var/lib/elixir-service', owner: 'elixir-service:elixir-service' }],
  hooks: {},
  secrets: [{ name: 'cookie', kind: 'password' }, ...RELEASE_SECRETS],
  check: ({ settings: given }) => releaseFindings(given),
});
