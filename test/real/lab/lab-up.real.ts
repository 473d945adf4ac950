import { existsSync, readFileSync, statSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { Cloud, type Json } from '../../../lab/openstack/cloud.ts';
import { readPassword } from '../../../lab/openstack/clouds.ts';
import {
  DEFAULT_LAB_DIRECTORY,
  LAB_PORTS,
  type LabUpResult,
  labDown,
  labStatus,
  labUp,
  listeners,
} from '../../../lab/openstack/index.ts';

const directory = process.env['TANDEM_LAB_DIRECTORY'] ?? DEFAULT_LAB_DIRECTORY;
const up = async (): Promise<LabUpResult> =>
  await labUp({
    directory,
    onProgress: ({ phase, message, seconds }) => process.stderr.write(`${seconds.toFixed(1)} s ${phase}: ${message}\n`),
  });

let first: LabUpResult;
const cloud = (): Cloud => new Cloud(readPassword(readFileSync(first.lab.cloudsFile, 'utf8')) ?? '');

beforeAll(async () => {
  first = await up();
});

describe('lab up', () => {
  it('says that it runs when asked again', async () => {
    const again = await up();
    expect(again.alreadyRunning).toBe(true);
    expect(again.lab).toEqual(first.lab);
  });

  it('has every service healthy', async () => {
    const status = await labStatus({ directory, timeoutSeconds: 30 });
    expect(status.services.filter(({ healthy }) => !healthy)).toEqual([]);
    expect(status.state).toBe('running');
  });

  it('gives credentials to root only, and a mirror that Terraform finds', () => {
    expect(statSync(first.lab.cloudsFile).mode & 0o777).toBe(0o600);
    expect(existsSync(first.lab.cliConfigFile)).toBe(true);
    expect(existsSync(first.lab.engine.path)).toBe(true);
  });

  it('listens on 127.0.0.1 only', async () => {
    const ports = new Set<number>(Object.values(LAB_PORTS));
    const open = (await listeners()).filter(
      ({ port, owner }) => ports.has(port) || /uwsgi|beam|epmd|ovs|neutron/.test(owner),
    );
    expect(new Set(open.map(({ port }) => port))).toEqual(ports);
    expect(open.filter(({ address }) => !address.startsWith('127.'))).toEqual([]);
  });

  it('runs a server, with a volume, and brings it back after shelving', async () => {
    const api = cloud();
    const compute = async (path: string, body?: Json): Promise<Record<string, Json>> =>
      await api.call('compute', `/v2.1${path}`, body === undefined ? {} : { method: 'POST', body });
    const made = await api.call('network', '/v2.0/networks', {
      method: 'POST',
      body: { network: { name: 'lab-test' } },
    });
    const network = idOf(made['network']);
    await api.call('network', '/v2.0/subnets', {
      method: 'POST',
      body: { subnet: { network_id: network, cidr: '10.99.0.0/24', ip_version: 4 } },
    });
    const flavor = idOf(
      (await compute('/flavors', { flavor: { name: 'lab-test', ram: 512, vcpus: 1, disk: 1 } }))['flavor'],
    );
    const image = await api.call('image', '/v2/images', {
      method: 'POST',
      body: { name: 'lab-test', disk_format: 'raw', container_format: 'bare' },
    });
    const imageId = idOf(image);
    await upload(api, imageId);
    const server = idOf(
      (
        await compute('/servers', {
          server: { name: 'lab-test', imageRef: imageId, flavorRef: flavor, networks: [{ uuid: network }] },
        })
      )['server'],
    );
    try {
      await becomes(api, server, 'ACTIVE');
      await compute(`/servers/${server}/action`, { shelve: null });
      await becomes(api, server, 'SHELVED_OFFLOADED');
      await compute(`/servers/${server}/action`, { unshelve: null });
      await becomes(api, server, 'ACTIVE');
    } finally {
      await api.call('compute', `/v2.1/servers/${server}`, { method: 'DELETE' });
      await becomes(api, server, undefined);
      await api.call('network', `/v2.0/networks/${network}`, { method: 'DELETE' });
      await api.call('image', `/v2/images/${imageId}`, { method: 'DELETE' });
      await api.call('compute', `/v2.1/flavors/${flavor}`, { method: 'DELETE' });
    }
  });
});

describe('lab down', () => {
  it('leaves no process, socket, mount or file but what it says that it keeps, from which the next up starts', async ({
    skip,
  }) => {
    // A lab that somebody else started is not this test's to stop.
    skip(first.alreadyRunning);
    const down = await labDown({ directory, keepPackages: true });
    expect(down.wasRunning).toBe(true);
    expect((await readdir(directory)).map((name) => `${directory}/${name}`).sort()).toEqual([...down.kept].sort());
    expect(readFileSync('/proc/self/mountinfo', 'utf8')).not.toContain(`${directory}/`);
    const ports = new Set<number>(Object.values(LAB_PORTS));
    expect((await listeners()).filter(({ port }) => ports.has(port))).toEqual([]);
    const again = await up();
    expect(again.alreadyRunning).toBe(false);
  });
});

function idOf(value: Json | undefined | Record<string, Json>): string {
  return (value as { id: string }).id;
}

async function upload(api: Cloud, image: string): Promise<void> {
  const token = await api.token();
  const response = await fetch(`${first.lab.endpoints.image}/v2/images/${image}/file`, {
    method: 'PUT',
    headers: { 'x-auth-token': token, 'content-type': 'application/octet-stream' },
    body: new Uint8Array(readFileSync(first.lab.imageFile)),
  });
  expect(response.status).toBe(204);
}

/** Waits until the server has the status; `undefined`: until it is gone. */
async function becomes(api: Cloud, server: string, wanted: string | undefined): Promise<void> {
  for (let attempt = 0; attempt < 240; attempt += 1) {
    const answer = await api.call('compute', `/v2.1/servers/${server}`).catch(() => undefined);
    const found = answer?.['server'] as Record<string, Json> | undefined;
    if (found?.['status'] === wanted && (found === undefined || found['OS-EXT-STS:task_state'] === null)) return;
    if (found?.['status'] === 'ERROR') throw new Error(`the server failed: ${JSON.stringify(found['fault'])}`);
    await sleep(250);
  }
  throw new Error(`the server did not become ${wanted ?? 'deleted'}`);
}
