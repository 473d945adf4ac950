import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { askedFor, type MembersAsk, requireSame } from '../../../../lib/cloud-operations/members/choose.ts';
import {
  type ChangeRequest,
  type MembersChange,
  planChange,
} from '../../../../lib/cloud-operations/members/plan-change.ts';
import { type RunRequest, runChange } from '../../../../lib/cloud-operations/members/run-change.ts';
import type { Entity } from '../../../../lib/config/project.ts';
import type { Cloud } from '../../../../lib/config/schema/cloud.ts';
import type { DeployPorts } from '../../../../lib/deploy/ports.ts';
import { readInventory } from '../../../../lib/engines/kolla/read-tree.ts';
import { TandemError } from '../../../../lib/errors/tandem-error.ts';
import { renderTree } from '../../../../lib/private-cloud/kolla/render.ts';
import { CloudModel } from '../../../../lib/private-cloud/members/model.ts';
import { apiOf, hostsOf, playsOf } from '../../../../lib/private-cloud/members/model-ports.ts';
import type { KollaPlay } from '../../../../lib/private-cloud/members/ports.ts';
import { localLineage } from '../../../../lib/state/lineage.ts';
import { localJournal } from '../../../../lib/state/local-journal.ts';
import { localLocks } from '../../../../lib/state/local-locks.ts';
import { localRecords } from '../../../../lib/state/local-records.ts';
import { localVersions } from '../../../../lib/state/raw-versions.ts';
import { clearSealer } from '../../../../lib/state/sealer.ts';
import { sealedVersions } from '../../../../lib/state/versions.ts';
import { memoryGit } from '../../git/memory-git.ts';
import { cloudOf } from '../../private-cloud/kolla/layouts.ts';
import { memoryStates } from '../../state/memory-states.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'tandem-members-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function ports(): DeployPorts {
  const unused = () => Promise.reject(new Error('not used'));
  return {
    ...{ root, engines: {}, commit: '', git: memoryGit() },
    records: localRecords(root),
    journal: localJournal(root),
    locks: localLocks(root),
    lineage: localLineage(root),
    states: memoryStates(),
    versions: sealedVersions(localVersions(root), clearSealer),
    durations: { note: () => undefined, median: () => undefined, save: () => undefined },
    synthesize: unused,
    actor: { by: 'me@here', host: 'here' },
    now: () => new Date('2026-01-01T00:00:00Z'),
    close: () => Promise.resolve(),
    check: async () => ({ code: 0, said: '' }),
    sleep: () => Promise.resolve(),
  };
}

const entity = (value: Cloud) =>
  ({ kind: 'cloud', name: 'cloud', file: 'config/clouds/cloud.yaml', value }) as Entity<Cloud>;
const before = cloudOf('separated');
const withHost = (name: string, host: Cloud['hosts'][string] | undefined, from = before): Cloud => {
  const { [name]: _, ...others } = from.hosts;
  return { ...from, hosts: host === undefined ? others : { ...others, [name]: host } };
};
const compute = (count: number): Cloud =>
  withHost('compute', { ...before.hosts['compute'], count } as Cloud['hosts'][string]);
const databaseC = before.hosts['database-c'] as Cloud['hosts'][string];
const replaced = withHost(
  'database-d',
  { ...databaseC, firstAddress: '10.10.0.90' },
  withHost('database-c', undefined),
);

/** The cloud as it was deployed. */
async function deployed(cloud: Cloud): Promise<void> {
  const artefact = JSON.stringify(renderTree('cloud', cloud).files, null, 1);
  await ports().records.write({
    ...{ format: 'tandem.record/1', stack: 'kolla/cloud', engine: 'kolla', digest: '', artefact, commit: '' },
    ...{ files: [], at: '2026-01-01T00:00:00Z', by: 'me' },
  });
}

const plan = (cloud: Cloud, request: ChangeRequest = {}): Promise<MembersChange> =>
  planChange(ports(), entity(cloud), request);

function modelOf(cloud: Cloud, change: MembersChange, off: readonly string[] = []): CloudModel {
  const { addresses, vips } = change.places;
  const standing = readInventory(renderTree('cloud', cloud).files['inventory/multinode'] ?? '');
  return new CloudModel({ standing, addresses, vips, off: new Set(off) });
}

interface Run {
  readonly model: CloudModel;
  readonly command?: string;
  /** Fails the plays that it is true for. */
  readonly fails?: (play: KollaPlay) => boolean;
  readonly unreachable?: string;
}

async function run(
  change: MembersChange,
  { model, command = 'cloud add compute-2', fails, unreachable }: Run,
): Promise<string[]> {
  const done: string[] = [];
  const gone = (host: string) =>
    new TandemError({ code: 'host-unreachable', message: `${host} does not answer`, next: '' });
  const open: RunRequest['open'] = async () => {
    const hosts = hostsOf(model, gone);
    return {
      plays: {
        run: async (play, inventory, signal) =>
          fails?.(play) === true
            ? { code: 2, faults: [{ host: 'x', task: 'Apply' }], log: 'the-log' }
            : await playsOf(model).run(play, inventory, signal),
      },
      hosts: {
        run: async (asked, signal) => {
          if (asked.host === unreachable) throw gone(asked.host);
          return await hosts.run(asked, signal);
        },
      },
      api: apiOf(model),
      close: () => undefined,
    };
  };
  await runChange(ports(), change, {
    ...{ verb: command.split(' ').slice(0, 2).join(' '), command, signal: new AbortController().signal },
    arguments: { joining: change.joining.join(' '), leaving: change.leaving.join(' ') },
    emit: () => undefined,
    onStep: (key, phase) => {
      if (phase === 'done') done.push(key);
    },
    open,
  });
  return done;
}

describe('a change of members', () => {
  it('is nothing where the record says what the file says', async () => {
    await deployed(before);
    expect((await plan(before)).steps).toEqual([]);
  });

  it('is refused for a cloud that was never deployed', async () => {
    await expect(plan(before)).rejects.toMatchObject({ code: 'cloud-not-deployed' });
  });

  it('leaves the cloud as the file says, with nothing of before, and records it', async () => {
    await deployed(before);
    const change = await plan(replaced);
    expect([change.joining, change.leaving]).toEqual([['database-d-1'], ['database-c-1']]);
    const model = modelOf(before, change);
    expect(await run(change, { model })).toEqual(change.steps.map(({ key }) => key));
    expect(
      model.problemsAtEnd(readInventory(renderTree('cloud', replaced).files['inventory/multinode'] ?? '')),
    ).toEqual([]);
    const record = await ports().records.read('kolla/cloud');
    expect(JSON.parse(record?.artefact ?? '{}')).toEqual(renderTree('cloud', replaced).files);
    expect((await plan(replaced)).steps).toEqual([]);
  });

  it('has the variables of hosts that leave at hand until the end, and not in the record', async () => {
    await deployed(before);
    const change = await plan(replaced);
    expect(change.files['inventory/host_vars/database-c-1.yml']).toContain('10.10.0.23');
    expect(JSON.parse(change.stack.text)).not.toHaveProperty(['inventory/host_vars/database-c-1.yml']);
  });

  it('brings other settings of the file with it, at the end', async () => {
    await deployed(before);
    const more = { ...compute(2), overcommit: { vcpus: 8, memory: 1 } };
    const keys = (await plan(more)).steps.map(({ key }) => key);
    expect(keys).toContainEqual(expect.stringMatching(/reconfigure .*nova.* for other settings$/));
  });

  it('sets up on a new controller what was switched on', async () => {
    const withHeat = (cloud: Cloud): Cloud => ({
      ...cloud,
      kolla: { ...(cloud.kolla as NonNullable<Cloud['kolla']>), globals: { enable_heat: true } },
    });
    const controlC = before.hosts['control-c'] as Cloud['hosts'][string];
    const other = withHost('control-d', { ...controlC, firstAddress: '10.10.0.91' }, withHost('control-c', undefined));
    await deployed(withHeat(before));
    const plays = (await plan(withHeat(other))).steps.flatMap(({ actions }) =>
      actions.flatMap((action) => (action.kind === 'play' ? [action.play] : [])),
    );
    const first = plays.find(
      ({ verb, tags, limit }) => verb === 'deploy' && tags.includes('heat') && limit.includes('control-d-1'),
    );
    expect(first?.extra).toEqual(['--skip-tags', 'loadbalancer']);
  });

  it('goes on behind the steps that were done, and repeats the one that failed', async () => {
    await deployed(before);
    const change = await plan(replaced);
    const model = modelOf(before, change);
    const fails = ({ verb, limit }: KollaPlay) => verb === 'stop' && limit.includes('database-c-1');
    const failed = run(change, { model, fails, command: 'cloud replace database-c-1 database-d-1' });
    await expect(failed).rejects.toMatchObject({
      code: 'member-step-failed',
      message: expect.stringContaining('"Apply" failed on x') as string,
      next: expect.stringContaining('read the-log') as string,
    });
    const again = await run(change, { model, command: 'cloud replace database-c-1 database-d-1' });
    expect(again[0]).toContain('remove database-c-1 from mariadb');
    expect(await ports().journal.open()).toEqual([]);
  });

  it('stops at a host that does not answer, and names the way back', async () => {
    await deployed(before);
    const change = await plan(replaced);
    const failed = run(change, { model: modelOf(before, change), unreachable: 'database-c-1' });
    await expect(failed).rejects.toMatchObject({
      code: 'member-step-failed',
      message: expect.stringContaining('database-c-1') as string,
      next: expect.stringContaining('tandem cloud add compute-2 --run') as string,
    });
  });

  it('goes on without a host that died in the middle of it', async () => {
    await deployed(before);
    const [command, name] = ['cloud replace database-c-1 database-d-1', 'database-c-1'];
    const change = await plan(replaced);
    const model = modelOf(before, change);
    const failed = run(change, { model, command, fails: ({ verb, limit }) => verb === 'stop' && limit.includes(name) });
    await expect(failed).rejects.toMatchObject({
      next: expect.stringContaining(`Where ${name} is lost, \`tandem ${command} --off --run\` goes on`) as string,
    });
    model.off.add(name);
    for (const service of [...model.running].filter((each) => each.endsWith(`@${name}`))) model.running.delete(service);
    model.counted.get('mariadb')?.delete(name);
    const without = await plan(replaced, { off: new Set([name]) });
    expect((await run(without, { model, command: `${command} --off` })).length).toBe(without.steps.length);
    expect(
      model.problemsAtEnd(readInventory(renderTree('cloud', replaced).files['inventory/multinode'] ?? '')),
    ).toEqual([]);
    expect(await ports().journal.open()).toEqual([]);
  });

  it('goes back where the host that was to come is lost, however far it had come', async () => {
    const wanted = {
      ...compute(1),
      hosts: { ...compute(1).hosts, 'queue-c': { ...before.hosts['queue-c'], count: 3 } },
    } as Cloud;
    const hosts = ['queue-c-2', 'queue-c-3'];
    for (const stop of ['rabbitmq', 'nova']) {
      await deployed(before);
      const change = await plan(wanted);
      const model = modelOf(before, change);
      const command = `cloud add ${hosts.join(' ')}`;
      const fails = ({ verb, tags }: KollaPlay) => (verb === 'deploy' || verb === 'reconfigure') && tags.includes(stop);
      await expect(run(change, { model, command, fails })).rejects.toMatchObject({ code: 'member-step-failed' });
      for (const host of hosts) {
        model.off.add(host);
        for (const service of [...model.running].filter((each) => each.endsWith(`@${host}`)))
          model.running.delete(service);
      }
      const back = await plan(before, { off: new Set(hosts) });
      expect([back.joining, back.leaving]).toEqual([[], hosts]);
      await run(back, { model, command: `cloud remove ${hosts.join(' ')} --off` });
      expect(
        model.problemsAtEnd(readInventory(renderTree('cloud', before).files['inventory/multinode'] ?? '')),
      ).toEqual([]);
      expect(await ports().journal.open()).toEqual([]);
    }
  });

  it('with hosts that are off ends no change of other hosts', async () => {
    await deployed(compute(3));
    const other = await plan(compute(2));
    const model = modelOf(compute(3), other);
    const failed = run(other, { model, command: 'cloud remove compute-3', fails: ({ verb }) => verb === 'stop' });
    await expect(failed).rejects.toMatchObject({ code: 'member-step-failed' });
    const change = { ...other, leaving: ['compute-2'], off: ['compute-2'] };
    await expect(run(change, { model, command: 'cloud remove compute-2 --off' })).rejects.toMatchObject({
      code: 'change-unfinished',
    });
  });

  it('refuses another change of the cloud until it is done', async () => {
    await deployed(before);
    const change = await plan(replaced);
    const model = modelOf(before, change);
    await expect(run(change, { model, fails: ({ verb }) => verb === 'stop' })).rejects.toMatchObject({
      code: 'member-step-failed',
    });
    await expect(run(change, { model, command: 'cloud remove compute-1' })).rejects.toMatchObject({
      code: 'change-unfinished',
      next: expect.stringContaining('tandem cloud add compute-2 --run') as string,
    });
  });

  it('empties a compute host that leaves, and rebuilds the servers of one that is off', async () => {
    for (const off of [[], ['compute-2']]) {
      await deployed(compute(3));
      const change = await plan(compute(2), { off: new Set(off.map(() => 'compute-3')) });
      const model = modelOf(compute(3), change, off.length > 0 ? ['compute-3'] : []);
      await run(change, { model, command: 'cloud remove compute-3' });
      expect(model.servers.get('compute-3')).toEqual([]);
      expect(
        change.steps
          .flatMap(({ actions }) => actions)
          .some((each) => each.kind === 'api' && each.does === 'force-down'),
      ).toBe(off.length > 0);
      expect([...model.compute.keys()]).toEqual(['compute-1', 'compute-2']);
    }
  });

  it('to another layout is refused where too few would agree', async () => {
    await expect(plan(before, { layout: 'starter' })).rejects.toMatchObject({ code: 'members-impossible' });
    await expect(plan(withHost('control-c', undefined), { layout: 'converged' })).rejects.toThrow('needs 3');
  });
});

describe('the hosts that a command names', () => {
  const moves = { joining: ['a', 'b'], leaving: ['c'] };
  const said = (ask: MembersAsk, real = moves) => {
    try {
      requireSame('paris', ask, real);
      return '';
    } catch (error) {
      return error instanceof TandemError ? `${error.message}\n${error.next}` : String(error);
    }
  };

  it('are those of the file', () => {
    expect(said({ verb: 'add', hosts: ['b', 'a'] }, { joining: ['a', 'b'], leaving: [] })).toBe('');
    expect(askedFor({ verb: 'replace', old: 'c', replacement: 'a' })).toEqual({ joining: ['a'], leaving: ['c'] });
  });

  it('are refused where the file says otherwise, with the command that fits it', () => {
    expect(said({ verb: 'add', hosts: ['a'] }, { joining: ['a', 'b'], leaving: [] })).toContain(
      'tandem cloud add a b --cloud paris',
    );
    expect(said({ verb: 'remove', hosts: ['d'] }, { joining: [], leaving: ['c'] })).toContain('d is still in the file');
    expect(said({ verb: 'add', hosts: ['a'] }, { joining: [], leaving: [] })).toContain(
      'change the hosts in config/clouds/paris.yaml first',
    );
    expect(said({ verb: 'add', hosts: ['a'] }, { joining: ['a'], leaving: ['c'] })).toContain(
      'tandem cloud replace c a --cloud paris',
    );
  });
});
