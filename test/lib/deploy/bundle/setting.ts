import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { writeEnvelope } from '../../../../lib/attestation/dsse.ts';
import { openSigner, signEnvelope } from '../../../../lib/attestation/signer.ts';
import { loadAndCheck } from '../../../../lib/config/check.ts';
import { directoryFiles } from '../../../../lib/config/files.ts';
import type { Project } from '../../../../lib/config/project.ts';
import { deployBundle } from '../../../../lib/deploy/bundle/deploy-bundle.ts';
import { freeze } from '../../../../lib/deploy/bundle/freeze.ts';
import { macWith, newHiddenKey } from '../../../../lib/deploy/bundle/hidden.ts';
import { signersInForce } from '../../../../lib/deploy/bundle/in-force.ts';
import { type ReadBundle, readBundle } from '../../../../lib/deploy/bundle/read.ts';
import { chooseDeploy } from '../../../../lib/deploy/choose.ts';
import { deployStacks } from '../../../../lib/deploy/deploy.ts';
import { planLive } from '../../../../lib/deploy/plan-live.ts';
import type { DeployOptions, DeployPorts, DeployResult } from '../../../../lib/deploy/ports.ts';
import type { Mac } from '../../../../lib/engines/engine.ts';
import { commandGit } from '../../../../lib/git/command-git.ts';
import { maskPlan } from '../../../../lib/plan/mask.ts';
import type { ApprovalNeed, Plan } from '../../../../lib/plan/model.ts';
import type { StackId } from '../../../../lib/stack/id.ts';
import { digestOf, type SynthesizedStack } from '../../../../lib/stack/synthesized.ts';
import { makeKey, type TestKey } from '../../attestation/keys.ts';
import { minimal, TODAY } from '../../config/minimal.ts';
import { checkoutPorts } from '../checkout-ports.ts';
import { type FakeWorld, fakeWorld } from '../fake-engine.ts';

export const BASE: StackId = 'openstack/north/base';
export const LEASE: StackId = 'openstack/north/dev/alice';

/** Two approvals besides the author's. */
export const TWO: ApprovalNeed = { rule: 'two', reason: 'it matters', count: 2, of: [] };
export const ONE: ApprovalNeed = { rule: 'one', reason: 'it changes something', count: 1, of: [] };

/** A project in a repository, its cloud, and the people around it. */
export interface Setting {
  readonly root: string;
  readonly world: FakeWorld;
  readonly keys: Readonly<Record<'author' | 'alice' | 'bob' | 'eve', TestKey>>;
  ports: DeployPorts;
  /** Artefacts of the two stacks: addresses. */
  readonly wanted: Map<StackId, string[]>;
  readonly needs: ApprovalNeed[];
  /** age keys of those who deploy. */
  recipients: string[];
  identities: string[];
  /** Where stacks go. */
  target: Readonly<Record<string, string>>;
  commit(files: Readonly<Record<string, string | undefined>>, author?: string): Promise<string>;
  readonly project: () => Project;
  readonly review: (plan: Plan, mac?: Mac) => Promise<Plan>;
  /** Paths of attributes that nobody may see. */
  readonly masks: string[];
  /** Made and signed by these, the first of whom is its author. */
  bundle(...signers: TestKey[]): Promise<string>;
  sign(text: string, ...signers: TestKey[]): Promise<string>;
  deploy(text: string, options?: Partial<DeployOptions>): Promise<DeployResult>;
  remove(): void;
}

/** `config/approvers.yaml` with these people; each is in the group of the same name. */
export function approversFile(people: Readonly<Record<string, TestKey>>, more = ''): string {
  const entries = Object.entries(people).map(
    ([name, { line }]) =>
      `  ${name}:\n    email: ${name}@acme.example.org\n    groups: [all-${name}]\n    keys: [${line}]\n`,
  );
  return `people:\n${entries.join('')}${more}`;
}

export async function startSetting(): Promise<Setting> {
  const root = mkdtempSync(join(tmpdir(), 'tandem-bundle-'));
  const keyFolder = mkdtempSync(join(tmpdir(), 'tandem-keys-'));
  const keys = {
    author: makeKey(keyFolder, 'author'),
    alice: makeKey(keyFolder, 'alice'),
    bob: makeKey(keyFolder, 'bob'),
    eve: makeKey(keyFolder, 'eve'),
  };
  const world = fakeWorld();
  const git = (...args: string[]) => execFileSync('git', args, { cwd: root, encoding: 'utf8' }).trim();
  git('init', '--quiet', '--initial-branch=main');
  git('config', 'user.name', 'Ops');
  git('config', 'user.email', 'ops@acme.example.org');
  writeFileSync(join(root, '.gitignore'), '.tandem/\n');
  const wanted = new Map<StackId, string[]>([
    [BASE, ['x', 'y']],
    [LEASE, ['web']],
  ]);
  const setting: Setting = {
    ...{ root, world, keys, wanted, needs: [ONE], recipients: [], identities: [], target: { project: 'dev' } },
    ports: checkoutPorts(world, root, 'here'),
    async commit(files, author = 'ops') {
      for (const [file, text] of Object.entries(files)) {
        if (text === undefined) rmSync(join(root, file));
        else {
          mkdirSync(dirname(join(root, file)), { recursive: true });
          writeFileSync(join(root, file), text);
        }
      }
      git('add', '--all');
      git('commit', '--quiet', '--allow-empty', `--author=x <${author}@acme.example.org>`, '-m', 'change');
      const commit = git('rev-parse', 'HEAD');
      const ports = checkoutPorts(world, root, 'here');
      const synthesize: DeployPorts['synthesize'] = async (definitions, only) =>
        definitions.filter(({ id }) => only.has(id)).map((each) => artefact(each, wanted, setting.target));
      setting.ports = { ...ports, git: commandGit(root), commit, synthesize };
      return commit;
    },
    project: () => loadAndCheck(directoryFiles(root), TODAY).project!,
    review: async (plan, mac) => maskPlan({ ...plan, approvals: setting.needs }, setting.masks, mac),
    masks: [],
    async bundle(...signers) {
      const { ports } = setting;
      const project = setting.project();
      const { targets } = await chooseDeploy(ports, project, [...wanted.keys()]);
      const hiddenKey = newHiddenKey();
      const options = { parallelism: 1, signal: new AbortController().signal, mac: macWith(hiddenKey) };
      const plan = await setting.review(await planLive(ports, { project, targets }, options), options.mac);
      const [author] = signers;
      const signer = author === undefined ? undefined : await signerOf(author);
      const envelope = await freeze(ports, {
        ...{ organisation: 'acme', targets, plan, hiddenKey, recipients: setting.recipients, versions: {}, locks: {} },
        ...{ validHours: 24, keyid: signer?.keyid ?? null },
      });
      return await setting.sign(writeEnvelope(envelope), ...signers);
    },
    async sign(text, ...signers) {
      let { envelope } = readBundle(text, 'b');
      for (const key of signers) envelope = await signEnvelope(envelope, await signerOf(key));
      return writeEnvelope(envelope);
    },
    async deploy(text, options = {}) {
      const read: ReadBundle = readBundle(text, 'b.json');
      const { ports, review } = setting;
      const request = {
        project: setting.project(),
        root,
        read,
        file: 'b.json',
        identities: () => setting.identities,
        review,
      };
      const silent = { signal: new AbortController().signal, emit: () => undefined };
      return await deployBundle(ports, request, { ...silent, ...options });
    },
    remove() {
      for (const folder of [root, keyFolder]) rmSync(folder, { recursive: true, force: true });
    },
  };
  const { author, alice, bob } = keys;
  await setting.commit({ ...minimal(), 'config/approvers.yaml': approversFile({ author, alice, bob }) });
  await deployFirst(setting);
  return setting;
}

/** The base is there already, so that the lease need not wait for it. */
async function deployFirst({ ports, project, wanted, world }: Setting): Promise<void> {
  const later = wanted.get(BASE) ?? [];
  wanted.set(BASE, ['x']);
  const loaded = project();
  const { targets } = await chooseDeploy(ports, loaded, [BASE]);
  const signal = new AbortController().signal;
  const options = { verb: 'deploy', signal, confirm: async () => true, emit: () => undefined };
  await deployStacks(ports, { project: loaded, targets }, options);
  wanted.set(BASE, later);
  world.calls.splice(0);
}

function signerOf({ file }: TestKey) {
  return openSigner({ file, environment: {}, passphrase: async () => undefined });
}

function artefact(
  head: Pick<SynthesizedStack, 'id' | 'engine' | 'dependsOn' | 'files'>,
  wanted: ReadonlyMap<StackId, string[]>,
  target: Readonly<Record<string, string>>,
): SynthesizedStack {
  const text = JSON.stringify(wanted.get(head.id));
  const { id, dependsOn, files } = head;
  return {
    ...{ id, engine: 'terraform', dependsOn, files, unresolvedInputs: [], citations: {}, target },
    ...{ text, digest: digestOf(text) },
  };
}

/** Who approves there, as a deployment would find it. */
export const inForceOf = ({ ports, root }: Setting) => signersInForce(ports, root, ports.commit);
