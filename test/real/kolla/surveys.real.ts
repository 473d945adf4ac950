/** One run of the real ansible over hosts that are this machine, with a container engine that answers as Docker's does. */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe } from 'vitest';
import { ansibleSurveys } from '../../../lib/engines/kolla/ansible-surveys.ts';
import { surveysContract } from '../../lib/cloud-operations/status/surveys.contract.ts';
import { kollaAnsible } from './kolla.ts';

const folder = mkdtempSync(join(tmpdir(), 'tandem-surveys-'));
const inventory = join(folder, 'multinode');
let installed = '';

beforeAll(() => {
  installed = kollaAnsible();
  const files = join(folder, 'nova-api');
  mkdirSync(files);
  writeFileSync(join(files, 'nova.conf'), '');
  const state = { Status: 'running', StartedAt: '2026-01-01T00:00:00.123456789Z', Health: { Status: 'healthy' } };
  const mounts = [{ Source: files, Destination: '/var/lib/kolla/config_files/' }];
  const inspected = [
    { Name: '/nova_api', Config: { Image: 'kolla/nova-api:2026.1' }, State: state, Mounts: mounts },
    {
      Name: '/cron',
      Config: { Image: 'kolla/cron:2026.1' },
      State: { ...state, Status: 'exited', Health: null },
      Mounts: [],
    },
  ];
  writeFileSync(join(folder, 'inspected.json'), JSON.stringify(inspected));
  const docker = join(folder, 'docker');
  writeFileSync(
    docker,
    ['#!/bin/sh', 'case "$1" in', 'ps) echo a; echo b ;;', `inspect) cat ${folder}/inspected.json ;;`]
      .concat(['exec) shift 2; exec "$@" ;;', 'esac', ''])
      .join('\n'),
  );
  chmodSync(docker, 0o755);
  const local = `ansible_connection=local ansible_python_interpreter=${join(installed, 'bin/python3')}`;
  const gone = 'gone ansible_host=127.0.0.1 ansible_port=9';
  writeFileSync(inventory, `one ${local}\ntwo ${local}\n${gone}\n[all:vars]\nansible_become=false\n`);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('surveys by the real ansible', () => {
  surveysContract(() => {
    const path = `${folder}:${process.env['PATH'] ?? ''}`;
    const environment = { ...process.env, PATH: path, TANDEM_KOLLA_ANSIBLE: join(installed, 'bin/kolla-ansible') };
    return ansibleSurveys({ environment, inventory, engine: 'docker', connectSeconds: 2 });
  });
});
