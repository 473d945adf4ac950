import { defineComponent } from '../../bring-up/component.ts';
import { RELEASE_SECRETS, releaseFindings, releaseTiers, releaseValues } from '../shared/release.ts';
import { DATA, files } from './files.ts';
import { type RubyServiceSettings, settings } from './settings.ts';

/** A program of one's own on Ruby, Rack and Puma as Debian has them: an archive with a `config.ru`. Gems that Debian has not are in the
 * archive (`bundle install --standalone`), or its executable `bin/build` brings them.
 * @see https://puma.io/puma/ */
export const rubyService = defineComponent<RubyServiceSettings>({
  name: 'ruby-service',
  title: 'Ruby service',
  description:
    'A program of your own on Ruby (Rack, Sinatra) under Puma, fetched by its checksum and replaced in place; gems that Debian has not come in its archive.',
  version: 'Ruby 3.1, Puma 5.6',
  home: 'https://puma.io/puma/',
  evidence:
    'The sample of `examples/ruby-service` was started by a change of metadata. Two servers behind HAProxy took another release in turns, and then one lost its power: of 800 requests and of 600, none failed. An archive with another checksum was not run.',
  settings,
  install: {
    packages: ['ca-certificates', 'curl', 'puma', 'ruby', 'ruby-rack', 'ruby-sinatra'],
    users: ['ruby-service'],
  },
  ports: ({ port }) => [{ name: 'http', port, protocol: 'tcp', from: 'clients' }],
  peers: (given) => [...new Set(releaseTiers(given))],
  values: ({ settings: given, flavor }) => ({
    ...releaseValues(given),
    workers: given.workers ?? flavor.vcpus,
    threads: given.threads,
  }),
  files,
  units: () => ['ruby-service.service'],
  health: ({ port, check }) => `curl -fsS -o /dev/null --max-time 5 http://127.0.0.1:${port}${check}`,
  data: [{ path: DATA, owner: 'ruby-service:ruby-service' }],
  hooks: {},
  secrets: RELEASE_SECRETS,
  check: ({ settings: given }) => releaseFindings(given),
});
