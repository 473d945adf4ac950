import { execFile, execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { StateLocation } from '../../../lib/openstack/state-backend.ts';
import { OpenStackClient } from '../../../lib/openstack-api/client.ts';
import { readCloudAccess } from '../../../lib/openstack-api/clouds-yaml.ts';
import type { StackId } from '../../../lib/stack/id.ts';
import { sample } from '../../chaos.ts';
import { healthyLab } from '../support/lab.ts';
import { type Postgres, startPostgres } from '../support/postgres.ts';
import { credentials, type S3Server, startS3 } from '../support/s3-server.ts';
import { startTcpFaults, type TcpFault, type TcpFaults } from '../support/tcp-faults.ts';
import type { ChaosOutcome, ChaosRun } from './child.ts';
import { inventory, NOTHING, ONE_EACH } from './fixture.ts';

interface Backend {
  readonly root: string;
  readonly location: StateLocation;
  readonly environment: NodeJS.ProcessEnv;
  readonly wire: TcpFaults | undefined;
}

const backends = new Map<string, Backend>();
const folders: string[] = [];
const ends: (() => Promise<void> | void)[] = [];
let cloud: OpenStackClient;
let labEnvironment: Readonly<Record<string, string>> = {};

beforeAll(async () => {
  const lab = await healthyLab();
  labEnvironment = lab.environment;
  cloud = OpenStackClient.open(readCloudAccess(lab.cloudName, { ...process.env, ...labEnvironment }, '/'), {
    cloud: 'lab',
  });
  backends.set('local', { root: folder(), location: { backend: 'local' }, environment: {}, wire: undefined });

  const pg: Postgres = await startPostgres();
  ends.push(() => pg.stop());
  const pgWire = await startTcpFaults(Number(new URL(pg.url).port));
  ends.push(() => pgWire.stop());
  const url = new URL(pg.url);
  url.port = String(pgWire.port);
  backends.set('PostgreSQL', {
    root: folder('state: { backend: pg, pg: { connection: "secret:state", schema: chaos } }'),
    location: { backend: 'pg', schema: 'chaos' },
    environment: { PG_CONN_STR: url.href },
    wire: pgWire,
  });

  const s3: S3Server = await startS3();
  ends.push(() => s3.stop());
  const s3Wire = await startTcpFaults(Number(new URL(s3.endpoint).port));
  ends.push(() => s3Wire.stop());
  const at = { bucket: s3.bucket, region: 'us-east-1', prefix: 'chaos', endpoint: `http://127.0.0.1:${s3Wire.port}` };
  backends.set('S3', {
    root: folder(`state: { backend: s3, s3: ${JSON.stringify(at)} }`),
    location: { backend: 's3', ...at },
    environment: { AWS_ACCESS_KEY_ID: credentials.accessKeyId, AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey },
    wire: s3Wire,
  });
});

afterAll(async () => {
  for (const end of ends.reverse()) await end();
  for (const each of folders) rmSync(each, { recursive: true, force: true });
});

/** A project whose only cloud of interest is the lab. */
function folder(state = '', at = mkdtempSync(join(tmpdir(), 'tandem-chaos-'))): string {
  folders.push(at);
  cpSync(join(import.meta.dirname, '../../../config'), join(at, 'config'), { recursive: true });
  rmSync(join(at, 'config/dev'), { recursive: true, force: true });
  const file = join(at, 'config/tandem.yaml');
  const text = readFileSync(file, 'utf8');
  if (state !== '') writeFileSync(file, text.replace(/^state: .*$/m, state));
  return at;
}

function backend(name: string): Backend {
  const found = backends.get(name);
  if (found === undefined) throw new Error(`no back end ${name}`);
  return found;
}

/** One run in a process of its own; undefined where it was killed. */
function run({ environment }: Backend, request: ChaosRun): Promise<ChaosOutcome | undefined> {
  const env = { ...process.env, ...labEnvironment, ...environment };
  const args = [
    '--disable-warning=ExperimentalWarning',
    join(import.meta.dirname, 'child.ts'),
    JSON.stringify(request),
  ];
  return new Promise((resolve, reject) => {
    execFile(process.execPath, args, { env, timeout: 500_000 }, (error, stdout, stderr) => {
      if (stdout !== '') resolve(JSON.parse(stdout) as ChaosOutcome);
      else if (error?.signal === 'SIGKILL') resolve(undefined);
      else reject(new Error(`${error?.message ?? ''}${stderr}`));
    });
  });
}

let count = 0;
function newStack(): StackId {
  return `openstack/lab/dev/chaos${Date.now().toString(36)}${(count += 1)}`;
}

/** After whatever happened: run again until it is done, as an operator would. */
async function settle(at: Backend, request: ChaosRun): Promise<void> {
  at.wire?.calm();
  let outcome: ChaosOutcome | undefined;
  const seen: string[] = [];
  for (let left = 3; left > 0 && outcome?.code !== 'done'; left -= 1) {
    outcome = await run(at, request);
    seen.push(outcome?.code ?? 'killed');
  }
  expect(outcome, seen.join(', ')).toMatchObject({ code: 'done', open: 0 });
  expect(await inventory(cloud, request.id)).toEqual(request.destroy ? NOTHING : ONE_EACH);
}

/** Strikes a run that makes a stack and one that removes it at the same moment. */
async function strikeBoth(
  at: Backend,
  strike: (request: ChaosRun) => Promise<ChaosOutcome | undefined>,
): Promise<void> {
  const id = newStack();
  for (const destroy of [false, true]) {
    const request = { root: at.root, id, location: at.location, destroy };
    const outcome = await strike(request);
    expect(outcome?.code ?? '').not.toMatch(/bug/);
    await settle(at, request);
  }
}

/** At least as many moments as a run has: before and after each call of a store. */
const MOMENTS = 40;
/** At least as many pieces as all clients of a run send on the wire. */
const PIECES: Readonly<Record<string, number>> = { PostgreSQL: 240, S3: 200 };
/** A run on a quiet machine takes less, in hundreds of milliseconds. */
const LENGTH = 120;
/** The same of Terraform's apply. */
const APPLY = 30;

const upTo = (last: number): number[] => Array.from({ length: last }, (_, index) => index + 1);

const BACKENDS = ['local', 'PostgreSQL', 'S3'] as const;

/**
 * Strikes at each of these moments with the state in each back end; one of them by turns.
 * @param first which back end has its turn first: each kind of strike has another
 */
function turns<T extends readonly unknown[]>(
  moments: readonly T[],
  first: number,
): readonly (readonly [...T, string])[] {
  const backEnds = [...BACKENDS.slice(first), ...BACKENDS.slice(0, first)];
  return sample(
    moments.flatMap((moment) => backEnds.map((name) => [...moment, name] as const)),
    1,
  );
}

const alone = (last: number) => upTo(last).map((at) => [at] as const);

describe('a run that is struck', () => {
  test.each(BACKENDS)('has no more moments than are tried, with its state in %s', async (name) => {
    const at = backend(name);
    at.wire?.calm();
    const id = newStack();
    for (const destroy of [false, true]) {
      const outcome = await run(at, { root: at.root, id, location: at.location, destroy });
      expect(outcome).toMatchObject({ code: 'done', open: 0 });
      expect(outcome?.moments).toBeGreaterThan(MOMENTS / 2);
      expect(outcome?.moments).toBeLessThanOrEqual(MOMENTS);
    }
    if (at.wire !== undefined) expect(at.wire.seen()).toBeLessThanOrEqual(PIECES[name] ?? 0);
  });

  test.each(turns(alone(LENGTH), 0))(
    'after %i tenths of a second, state in %s: all is there once',
    async (at, name) => {
      await strikeBoth(backend(name), (request) =>
        run(backend(name), { ...request, strike: { at, kind: 'kill-after' } }),
      );
    },
  );

  test.each(turns(alone(APPLY), 1))(
    'by Terraform killed %i tenths of a second into its apply, state in %s',
    async (at, name) => {
      await strikeBoth(backend(name), (request) =>
        run(backend(name), { ...request, strike: { at, kind: 'kill-terraform' } }),
      );
    },
  );

  test.each(turns(alone(MOMENTS), 2))('killed at moment %i, state in %s: all is there once', async (at, name) => {
    await strikeBoth(backend(name), (request) => run(backend(name), { ...request, strike: { at, kind: 'kill' } }));
  });

  test.each(
    turns(
      upTo(MOMENTS).flatMap((at) => (['later', 'earlier'] as const).map((kind) => [at, kind] as const)),
      0,
    ),
  )('with a clock that jumps at moment %i: %s, state in %s', async (at, kind, name) => {
    await strikeBoth(backend(name), (request) => run(backend(name), { ...request, strike: { at, kind } }));
  });
});

describe.each(['PostgreSQL', 'S3'])('the connection to %s', (name) => {
  const faults = sample(
    upTo(PIECES[name] ?? 0).flatMap((at) =>
      (['drop', 'lose'] as const).map((fault): [number, TcpFault] => [at, fault]),
    ),
    2,
  );
  test.each(faults)('breaks at piece %i: %s', async (at, fault) => {
    await strikeBoth(backend(name), (request) => {
      backend(name).wire?.strike(at, fault);
      return run(backend(name), request);
    });
  });
});

describe('a disk that is full', () => {
  const mounted = join(tmpdir(), `tandem-chaos-disk-${process.pid}`);
  beforeAll(() => {
    mkdirSync(mounted);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=96m', 'tmpfs', mounted]);
    ends.push(() => void execFileSync('umount', [mounted]));
    folder('', mounted);
    backends.set('disk', { root: mounted, location: { backend: 'local' }, environment: {}, wire: undefined });
  });

  test.each(sample(upTo(MOMENTS), 1))('from moment %i on', async (at) => {
    await strikeBoth(backend('disk'), async (request) => {
      const outcome = await run(backend('disk'), { ...request, strike: { at, kind: 'full' } });
      rmSync(join(mounted, 'filler'), { force: true });
      return outcome;
    });
  });
});
