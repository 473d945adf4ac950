import { compareExisting } from '../../cloud-operations/backup/compare.ts';
import { lookRestore, runRestore } from '../../cloud-operations/backup/restore.ts';
import { BackupStore } from '../../cloud-operations/backup/store.ts';
import { declined } from '../../deploy/errors.ts';
import { projectKeyFile } from '../../deploy/project-secrets.ts';
import { messageOf } from '../../errors/tandem-error.ts';
import { fetchKnownResources } from '../../openstack-api/known-resources.ts';
import type { Differences } from '../../private-cloud/backup/differences.ts';
import type { RestoreStep } from '../../private-cloud/backup/restore.ts';
import { identitiesOf } from '../../secrets/age.ts';
import { withClouds } from '../clouds.ts';
import { requireProject } from '../configuration.ts';
import { type ActionContext, inform } from '../context.ts';
import { backedUpCloud } from './backup.ts';
import { kollaAccess } from './kolla-access.ts';
import { openedClient } from './live-cloud.ts';

export interface RestoreCloudOptions {
  readonly backup: string;
  /** @default the organisation's `defaultCloud` */
  readonly cloud?: string | undefined;
  /** Runs the steps, after asking. @default false */
  readonly run?: boolean;
  /** A database that answers may be replaced. @default false */
  readonly overLive?: boolean;
  /** Compares what exists with what the services know, in place of a restore. @default false */
  readonly compare?: boolean;
}

export interface RestoreCloudResult {
  readonly cloud: string;
  readonly backup: string;
  /** When it was taken: what was written since is lost. */
  readonly at: string;
  /** Members of the database that answered. */
  readonly alive: readonly string[];
  readonly steps: readonly RestoreStep[];
  readonly executed: boolean;
  /** How long nothing answered; null where nothing was run, or an earlier run stopped it. */
  readonly outageSeconds: number | null;
  /** What exists and no service knows, and the other way round; null where nothing was compared. */
  readonly differences: Differences | null;
}

/**
 * Restores a cloud's database from a backup: plans and simulates it, and runs it where that is asked for. Afterwards what exists is
 * compared with what the restored rows say.
 * @throws TandemError `no-such-backup`, `backup-unfit`, `database-alive`, `restore-failed`, `comparison-failed`, `declined`
 */
export async function restoreCloud(context: ActionContext, options: RestoreCloudOptions): Promise<RestoreCloudResult> {
  const { environment, signal, io } = context;
  const project = requireProject(context);
  const cloud = backedUpCloud(project, options.cloud);
  return await withClouds(context, project, async (ports) => {
    const { inventory, ...access } = await kollaAccess(context, ports, cloud, { readsCertificates: false });
    const store = new BackupStore(cloud.backup.destination);
    const plan = await lookRestore({ ...access, store }, { cloud, inventory }, options.backup, signal);
    const { steps, alive } = plan;
    const at = plan.chain.at(-1)?.begunAt ?? '';
    const result = { cloud: cloud.name, backup: options.backup, at, alive, steps };
    const compare = async (): Promise<Differences> => {
      const known = async () => await fetchKnownResources((await openedClient(context, cloud)).until(signal));
      return await compareExisting(
        { hosts: access.hosts, known },
        { cloud: cloud.name, backup: options.backup, inventory },
        signal,
      );
    };
    const isCompared = options.compare === true;
    if (options.run !== true)
      return { ...result, executed: false, outageSeconds: null, differences: isCompared ? await compare() : null };
    const text = `Restore ${cloud.name} as it was ${at}? What was written since is lost.`;
    const details = steps.map(({ key, why }) => `${key}: ${why}`).join('\n');
    if (!(await io.confirm({ code: 'restore', text, details }))) throw declined();
    const identities = identitiesOf(environment, projectKeyFile({ project, environment }));
    const onStep = (key: string, phase: string): void => inform(context, `${key}: ${phase}`);
    const own = { signal, overLive: options.overLive === true, emit: io.emit.bind(io) };
    const { outageSeconds } = await runRestore({ ...ports, ...access, store, identities, onStep }, plan, own);
    // The database is restored, whatever the services say yet: they look for it anew.
    const differences = await compare().catch((error: unknown) => {
      signal.throwIfAborted();
      inform(context, messageOf(error));
      return null;
    });
    return { ...result, executed: true, outageSeconds: outageSeconds ?? null, differences };
  });
}
