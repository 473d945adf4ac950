import { ConfigFileError, type ConfigFiles } from '../../config/files.ts';
import { readTop } from '../../config/folder.ts';
import { commitFiles } from '../../config/git-files.ts';
import { loadApprovers } from '../../config/load.ts';
import type { Approvers } from '../../config/schema/approvers.ts';
import { policiesSchema } from '../../config/schema/policies.ts';
import { TandemError } from '../../errors/tandem-error.ts';
import { canonical } from '../../plan/difference/json.ts';
import { partsOf } from '../../stack/id.ts';
import { isRecord } from '../../text/json.ts';
import type { DeployPorts } from '../ports.ts';
import { hasApprovers, type Signers, signersFrom } from './approvers.ts';
import { approversUnknown } from './errors.ts';

/** What decides on approvals, beside settings: who signs, and the rules that ask. */
const DECIDES = ['config/approvers.yaml', 'stacks/policies'];

/** Operations that are looked through for an earlier one under approval: many more than there can be while a bundle is valid. */
export const LOOKED_THROUGH = 1000;

export interface InForce extends Signers {
  /** Whether anybody can approve: where nobody can, nothing asks for it. */
  readonly isOn: boolean;
  readonly validHours: number;
}

/**
 * Who approves: the people of the commit that is deployed, as far as the last deployment under approval had them too. Where none was made
 * yet, what was last deployed of anything but a lease says who approves; where that names nobody, the commit itself does.
 * @param commit that is deployed, or was frozen
 * @throws TandemError `approvers-unknown` where an earlier commit cannot be read here: whoever approved then might not now
 */
export async function signersInForce(
  { journal, records }: Pick<DeployPorts, 'journal' | 'records'>,
  root: string,
  commit: string,
): Promise<InForce> {
  const files = commit === '' ? undefined : commitFiles(root, commit);
  const now = files === undefined ? undefined : loadApprovers(files);
  const deployed = await lastDeployed({ records });
  const usual = deployed === undefined ? undefined : atCommit(root, deployed);
  // Where nobody approves and nobody did, the journal need not be read.
  if (files === undefined || !(hasApprovers(now) || hasApprovers(usual?.approvers)))
    return inForce(now, undefined, false);
  const approved = await lastApproved({ journal });
  const before = approved === undefined || approved === deployed ? usual : atCommit(root, approved);
  const approvers = hasApprovers(before?.approvers) ? before.approvers : undefined;
  return inForce(now, approvers, before?.content !== contentOf(files));
}

/** Who approved at an earlier commit. @throws TandemError `approvers-unknown` */
function atCommit(
  root: string,
  commit: string,
): { readonly approvers: Approvers | undefined; readonly content: string } {
  try {
    const files = commitFiles(root, commit);
    return { approvers: loadApprovers(files), content: contentOf(files) };
  } catch (error) {
    if (error instanceof TandemError) throw approversUnknown(commit, error.message);
    throw error;
  }
}

function inForce(now: Approvers | undefined, before: Approvers | undefined, hasChanged: boolean): InForce {
  const signers = signersFrom(now ?? NOBODY, before, hasChanged);
  return { ...signers, isOn: hasApprovers(now) || before !== undefined, validHours: (now ?? NOBODY).validHours };
}

const NOBODY: Approvers = { people: {}, count: 1, of: [], validHours: 24 };

async function lastApproved({ journal }: Pick<DeployPorts, 'journal'>): Promise<string | undefined> {
  const ended = await journal.history(LOOKED_THROUGH);
  const isApproved = (operation: (typeof ended)[number]): boolean =>
    operation.outcome === 'succeeded' && typeof operation.arguments['bundle'] === 'string';
  return ended.find(isApproved)?.commit;
}

/** A lease is made from its owner's branch: what that says of approvers is not the organisation's word. */
async function lastDeployed({ records }: Pick<DeployPorts, 'records'>): Promise<string | undefined> {
  const all = (await records.list()).filter(({ stack, commit }) => commit !== '' && partsOf(stack).lease === undefined);
  return all.sort((a, b) => (a.at < b.at ? 1 : -1))[0]?.commit;
}

/** All that decides on approvals, as one text. */
function contentOf(files: ConfigFiles): string {
  const read = (path: string): string => {
    try {
      return `${path}\0${Buffer.from(files.read(path)).toString('base64')}\n`;
    } catch (error) {
      if (!(error instanceof ConfigFileError)) throw error;
    }
    try {
      return files
        .list(path)
        .map((entry) => read(`${path}/${entry}`))
        .join('');
    } catch (error) {
      if (error instanceof ConfigFileError) return '';
      throw error;
    }
  };
  return [...DECIDES.map(read), settingsOf(files)].join('');
}

/** The settings of `config/tandem.yaml` that decide what a policy says, and what people see of a plan; a default that is said is no other. */
function settingsOf(files: ConfigFiles): string {
  const top = readTop(files).layer?.value;
  const { policies, review } = isRecord(top) ? top : {};
  const masks = isRecord(review) ? review['masks'] : undefined;
  const parsed = policiesSchema.safeParse(policies ?? {}).data;
  const packages = (parsed?.packages ?? []).map((name) => lockedIn(files, name));
  return canonical({ policies: parsed ?? policies, masks: masks ?? [], packages });
}

/** Which version of a package of policies is installed, as the lock file says. */
function lockedIn(files: ConfigFiles, name: string): unknown {
  try {
    const lock: unknown = JSON.parse(Buffer.from(files.read('package-lock.json')).toString());
    const packages = isRecord(lock) ? lock['packages'] : undefined;
    return isRecord(packages) ? packages[`node_modules/${name}`] : undefined;
  } catch (error) {
    if (error instanceof ConfigFileError || error instanceof SyntaxError) return undefined;
    throw error;
  }
}
