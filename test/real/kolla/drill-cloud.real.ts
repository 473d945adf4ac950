/**
 * The drill's committed settings are what the real kolla-ansible makes of its cloud now: a drill of anything else proves nothing. By day
 * those of one controller, all with `npm run test:chaos` and where they are written.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { TARGETS } from '../../../lab/ha/adaptations.ts';
import { CONTROLLERS } from '../../../lab/ha/hosts.ts';
import { HA_CLOUD_FILE } from '../../../lab/ha/layout.ts';
import { cloudSchema } from '../../../lib/config/schema/cloud.ts';
import { sample } from '../../chaos.ts';
import { generateConfiguration, writeSite } from './kolla.ts';

const COMMITTED = join(import.meta.dirname, '../../../lab/ha/etc/kolla');
/** What `TARGETS` is of. */
const TAGS = ['loadbalancer', 'mariadb', 'rabbitmq', 'keystone', 'nova', 'neutron'];
const folder = mkdtempSync(join(tmpdir(), 'tandem-drill-cloud-'));

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Each password is its name, so that what is committed holds none. */
function nameSecrets(file: string): void {
  const name = (key: string): string => `secret-${key.replaceAll('_', '-')}`;
  const passwords = parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
  const named = Object.entries(passwords).map(([key, value]) => {
    if (typeof value !== 'object' || value === null) return [key, name(key)] as const;
    return [key, Object.fromEntries(Object.keys(value).map((part) => [part, name(`${key}-${part}`)]))] as const;
  });
  writeFileSync(file, stringify(Object.fromEntries(named)));
}

/** `TANDEM_WRITE=1 npm run test:kolla -- drill-cloud` writes them anew. */
it('are made of the cloud of lab/ha/cloud.yaml', async () => {
  const cloud = cloudSchema.parse(parse(readFileSync(HA_CLOUD_FILE, 'utf8')));
  const site = writeSite(folder, 'drill', cloud);
  nameSecrets(join(site.tree, 'passwords.yml'));
  const isWritten = process.env['TANDEM_WRITE'] === '1';
  const controllers = isWritten ? CONTROLLERS : sample(CONTROLLERS, 1);
  const hosts = controllers.map(({ name }) => name);
  await generateConfiguration(site, TAGS, hosts);
  const paths = controllers.flatMap(({ name }) => Object.keys(TARGETS).map((path) => join(name, path)));
  const made = paths.map((path) => [path, readFileSync(join(folder, 'out', path), 'utf8')] as const);
  if (isWritten)
    for (const [path, text] of made) {
      mkdirSync(dirname(join(COMMITTED, path)), { recursive: true });
      writeFileSync(join(COMMITTED, path), text);
    }
  for (const [path, text] of made) expect(readFileSync(join(COMMITTED, path), 'utf8'), path).toBe(text);
}, 1_800_000);
