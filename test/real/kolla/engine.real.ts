/** The engine of `deploy` with the real kolla-ansible, which writes configuration instead of starting containers. */
import { chmodSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import type { Cloud } from '../../../lib/config/schema/cloud.ts';
import { kollaEngine } from '../../../lib/engines/kolla/kolla-engine.ts';
import { renderTree } from '../../../lib/private-cloud/kolla/render.ts';
import { secretFilesOf } from '../../../lib/private-cloud/kolla/secret-files.ts';
import { digestOf, type SynthesizedStack } from '../../../lib/stack/synthesized.ts';
import { writeSecrets } from '../../lib/engines/kolla/secrets-folder.ts';
import { cloudOf } from '../../lib/private-cloud/kolla/layouts.ts';
import { localVariables, writeSite } from './kolla.ts';
import { allResults, resultOf } from './result.ts';

const folder = mkdtempSync(join(tmpdir(), 'tandem-kolla-engine-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function stackOf(cloud: Cloud): SynthesizedStack {
  const { files, citations } = renderTree('cloud', cloud);
  const text = JSON.stringify(files);
  const head = {
    id: 'kolla/cloud',
    engine: 'kolla',
    dependsOn: [],
    unresolvedInputs: [],
    files: [],
    target: {},
  } as const;
  return { ...head, text, digest: digestOf(text), citations };
}

it('writes the configuration of the services whose settings changed, and of no other', {
  timeout: 1_200_000,
}, async () => {
  const before = cloudOf('converged');
  const site = writeSite(folder, 'cloud', before);
  const secrets = join(folder, 'secrets');
  mkdirSync(secrets);
  renameSync(join(site.tree, 'passwords.yml'), join(secrets, 'passwords.yml'));
  writeSecrets(secrets, secretFilesOf('cloud', before));
  const program = join(folder, 'kolla-ansible');
  const more = localVariables(site).map((each) => `'${each}'`);
  // Prechecks want hosts; `reconfigure` is `genconfig` and then containers.
  writeFileSync(
    program,
    `#!/bin/sh
[ "$1" = --version ] && exec kolla-ansible --version
[ "$1" = prechecks ] && exit 0
shift
exec kolla-ansible genconfig "$@" ${more.join(' ')}
`,
  );
  chmodSync(program, 0o755);
  const vips = { ...(before.vips as NonNullable<Cloud['vips']>), routerId: 78 };
  const [was, now] = [stackOf(before), stackOf({ ...before, vips })];
  const { text: artefact, digest } = was;
  const engine = kollaEngine({
    root: folder,
    environment: { ...site.environment, TANDEM_KOLLA_ANSIBLE: program },
    secretsOf: () => secrets,
    recorded: () =>
      Promise.resolve({
        ...{
          format: 'tandem.record/1',
          stack: was.id,
          engine: 'kolla',
          digest,
          artefact,
          commit: '',
          files: [],
          by: '',
        },
        at: '2026-01-01T00:00:00Z',
      }),
  });
  const options = { signal: new AbortController().signal, parallelism: 1 };
  const frozen = await engine.plan(now, { ...options, destroy: false, adopt: false });
  const done: string[] = [];
  for await (const event of engine.apply(frozen, options))
    if (event.kind === 'resource' && event.phase === 'done') done.push(event.address);
  expect(done).toEqual(['prechecks', 'reconfigure loadbalancer']);
  for (const host of ['control-a-1', 'control-b-1', 'control-c-1'])
    expect(resultOf(folder, host, 'keepalived/keepalived.conf')).toContain('virtual_router_id 78\n');
  const services = new Set(allResults(folder).map((path) => path.split('/')[2]));
  expect([...services].sort()).toEqual(['haproxy', 'keepalived', 'proxysql']);
});
