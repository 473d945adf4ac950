import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { commitFiles } from '../config/git-files.ts';
import { guarded } from '../fs/guard.ts';
import { gitFailed, leaseChanged, noGitIdentity } from './errors.ts';
import { writeLeaseText } from './lease-file.ts';
import { blobAt, follow, headOf, isAncestor, pathOf, whatIsUnderWay } from './lease-follow.ts';
import { type LeaseGit, leaseGit } from './lease-git.ts';
import { pushAside, pushCommit } from './lease-push.ts';
import type { LeaseBranch, LeaseChange, LeaseRepository, Published } from './lease-repository.ts';
import { asideOf, fetchTip, findHome, type LeaseHome } from './lease-target.ts';

/** A busy branch takes a few attempts until nobody else pushes at the same moment. */
const ATTEMPTS = 8;
/** How long other runs of Tandem may work on this checkout, in milliseconds. */
const OTHER_RUNS = 300_000;

/** What was seen of a branch. */
interface Sight {
  readonly home: LeaseHome;
  readonly label: string;
  /** Undefined where there is no commit. */
  readonly tip: string | undefined;
  /** Blobs of the lease: at the tip, and of this checkout; undefined where it is not there. */
  readonly there: string | undefined;
  readonly here: string | undefined;
  /** Tip of the lease's own branch at the remote. */
  readonly aside: string | undefined;
}

/**
 * The repository around a folder, through the `git` command. A lease's commit is built from objects, on the tip of the remote's branch:
 * it holds neither what is staged, nor what else the local branch has.
 */
export function commandLeaseRepository(root: string, signal?: AbortSignal): LeaseRepository {
  const git = leaseGit(root, signal);
  return {
    async requireReady() {
      if (!(await isRepository(git))) return;
      for (const ident of ['GIT_AUTHOR_IDENT', 'GIT_COMMITTER_IDENT'])
        if ((await git.run(['var', ident])).code !== 0) throw noGitIdentity();
      // Without a remote, a commit has no place but the checked-out branch.
      const underWay = (await git.ask('remote')) === undefined ? await whatIsUnderWay(git) : undefined;
      if (underWay !== undefined) throw gitFailed('commit the lease', underWay);
    },
    survey: async (file) => ((await isRepository(git)) ? await survey(git, file) : outside(root, file)),
    lastChange: (file) => git.ask('log', '-1', '--format=%cI', '--', file),
    identity: async () => /<([^<>]+)> \d+ /.exec((await git.ask('var', 'GIT_AUTHOR_IDENT')) ?? '')?.[1],
    async writerOf(file, line) {
      const told = await git.ask('blame', '--porcelain', '--no-textconv', '-L', `${line},${line}`, '--', file);
      const mail = /^author-mail <(.+)>$/m.exec(told ?? '')?.[1];
      // Of what is in no commit yet, git says that too.
      return told === undefined || /^0{40}/.test(told) ? undefined : mail;
    },
  };
}

/** Where there is no repository, a lease is its file. */
function outside(root: string, file: string): LeaseBranch {
  return {
    ...{ label: undefined, isShared: false, isBehind: false, by: undefined },
    files: () => undefined,
    contains: () => Promise.resolve(false),
    publish({ text }) {
      writeLeaseText(root, file, text);
      const nowhere = { isNew: false, commit: undefined, branch: '', command: undefined, notFollowed: undefined };
      return Promise.resolve({ kind: 'none', ...nowhere });
    },
  };
}

async function survey(git: LeaseGit, file: string): Promise<LeaseBranch> {
  const sight = await look(git, file);
  const { home, label, tip } = sight;
  return {
    ...{ label, isShared: home.kind === 'remote', isBehind: await isBehind(git, file, sight) },
    by: tip === undefined ? undefined : await git.ask('log', '-1', '--format=%an <%ae>', tip, '--', file),
    files: () => (tip === undefined ? undefined : commitFiles(git.root, tip)),
    contains: async (commit) => tip !== undefined && (await isAncestor(git, commit, tip)),
    // While one run moves a checkout's branch, another must not.
    publish: (change) => guarded(join(git.root, '.tandem/git'), () => publish(git, file, sight, change), OTHER_RUNS),
  };
}

async function look(git: LeaseGit, file: string): Promise<Sight> {
  const name = basename(file, '.yaml');
  const home = await findHome(git, name);
  const label = home.kind === 'remote' ? `${home.remote}/${home.branch}` : 'HEAD';
  const tip = home.kind === 'remote' ? await fetchTip(git, home) : await headOf(git);
  const hasAside = home.kind === 'remote' && home.hasAside;
  return {
    ...{ home, label, tip },
    there: tip === undefined ? undefined : await blobAt(git, tip, file),
    // With the filters that a checkout has, for line ends for example.
    here: await git.ask('hash-object', '--', file),
    aside: hasAside ? await fetchTip(git, { remote: home.remote, branch: asideOf(name) }) : undefined,
  };
}

async function isBehind(git: LeaseGit, file: string, { tip, aside, here }: Sight): Promise<boolean> {
  if (tip === undefined) return false;
  if (await isNewer(git, file, tip, here)) return true;
  if (aside === undefined || !(await isNewer(git, file, aside, here))) return false;
  // The lease's own branch counts while it waits for its pull request: until the other one has it, or has changed the lease since.
  const base = await git.ask('merge-base', aside, tip);
  return base !== undefined && base !== aside && (await blobAt(git, base, file)) === (await blobAt(git, tip, file));
}

/** Whether a commit has another version of a file than this checkout, and not the one that this checkout started from. */
async function isNewer(git: LeaseGit, file: string, commit: string, here: string | undefined): Promise<boolean> {
  const there = await blobAt(git, commit, file);
  const head = await headOf(git);
  if (there === here || head === undefined) return false;
  return there !== (await blobAt(git, (await git.ask('merge-base', head, commit)) ?? head, file));
}

async function publish(git: LeaseGit, file: string, first: Sight, change: LeaseChange): Promise<Published> {
  const { text } = change;
  const store = ['hash-object', '-w', '--stdin', '--path', file];
  const blob = text === undefined ? undefined : await git.require('store the lease', store, { input: text });
  for (let attempt = 1, now = first; ; attempt += 1, now = await look(git, file)) {
    if (now.there !== blob && now.there !== first.there) throw leaseChanged(basename(file, '.yaml'), now.label);
    const isNew = now.there !== blob;
    if (!isNew) return { ...unsent(now), ...(await keep(git, now.tip, { file, text, blob })) };
    const commit = await commitOnto(git, file, now.tip, blob, change.message);
    const sent = await send(git, basename(file, '.yaml'), now, commit);
    if (sent !== undefined)
      return { ...sent, isNew, commit, notFollowed: await follow(git, { file, text, blob, commit }) };
    if (attempt === ATTEMPTS)
      throw gitFailed(`push the lease to ${now.label}`, 'others pushed at the same moment, again and again');
  }
}

/** The branch has the lease so already. Of its commits, one that this checkout has is named, where there is one. */
async function keep(
  git: LeaseGit,
  tip: string | undefined,
  lease: { file: string; text: string | undefined; blob: string | undefined },
): Promise<Pick<Published, 'isNew' | 'commit' | 'notFollowed'>> {
  if (tip === undefined) return { isNew: false, commit: undefined, notFollowed: undefined };
  const notFollowed = await follow(git, { ...lease, commit: tip });
  const head = await headOf(git);
  const isThere = head !== undefined && (await isAncestor(git, head, tip));
  return { isNew: false, commit: isThere ? head : tip, notFollowed };
}

type Sent = Pick<Published, 'kind' | 'branch' | 'command'>;

function unsent({ home, label }: Sight): Sent {
  return { kind: home.kind === 'local' ? 'local' : 'pushed', branch: label, command: undefined };
}

/** Brings a commit to its branch; undefined where somebody else was quicker. */
async function send(git: LeaseGit, name: string, sight: Sight, commit: string): Promise<Sent | undefined> {
  const { home, aside } = sight;
  if (home.kind === 'local') return unsent(sight);
  const outcome = await pushCommit(git, home, commit);
  if (outcome === 'pushed') return unsent(sight);
  const own = outcome === 'protected' ? await pushAside(git, home, { commit, name, before: aside }) : undefined;
  return own && { kind: 'aside', branch: `${home.remote}/${own.branch}`, command: own.command };
}

/** A commit of the file alone. Signed where the user signs commits. */
async function commitOnto(
  git: LeaseGit,
  file: string,
  tip: string | undefined,
  blob: string | undefined,
  message: string,
): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'tandem-index-'));
  try {
    const indexFile = join(folder, 'index');
    const path = await pathOf(git, file);
    const what = 'commit the lease';
    await git.require(what, ['read-tree', ...(tip === undefined ? ['--empty'] : [tip])], { indexFile });
    const entry = blob === undefined ? `0 ${'0'.repeat(40)}\t${path}` : `100644 ${blob}\t${path}`;
    await git.require(what, ['update-index', '--index-info'], { indexFile, input: `${entry}\n` });
    const tree = await git.require(what, ['write-tree', '--missing-ok'], { indexFile });
    const isSigned = (await git.ask('config', '--type=bool', 'commit.gpgsign')) === 'true';
    const parents = tip === undefined ? [] : ['-p', tip];
    return await git.require(isSigned ? 'sign the commit of the lease' : what, [
      ...['commit-tree', tree, ...parents, '-m', message],
      ...(isSigned ? ['-S'] : []),
    ]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function isRepository(git: LeaseGit): Promise<boolean> {
  const { code, errors } = await git.run(['rev-parse', '--git-dir']);
  if (code === 0) return true;
  // -1: there is no git on this machine.
  if (code === -1 || /not a git repository/i.test(errors)) return false;
  throw gitFailed('open the repository', errors);
}
