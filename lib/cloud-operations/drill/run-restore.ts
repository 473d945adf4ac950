import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleepMs } from 'node:timers/promises';
import { generateIdentity, identityToRecipient } from 'age-encryption';
import { Origin } from '../../config/origin.ts';
import type { Cloud } from '../../config/schema/cloud.ts';
import type { KnownResources } from '../../private-cloud/backup/differences.ts';
import type { HostFiles } from '../../private-cloud/backup/ports.ts';
import { playRestore, type RestoreDrillOptions, type RestoreOutcome } from '../../private-cloud/drill/restore.ts';
import type { DrillTarget } from '../../private-cloud/drill/target.ts';
import { inventoryGroups } from '../../private-cloud/kolla/inventory.ts';
import type { CloudHosts, KollaPlays } from '../../private-cloud/members/ports.ts';
import { placesOf } from '../../private-cloud/members/questions.ts';
import { topologyOf } from '../../private-cloud/topology/topology.ts';
import { compareExisting } from '../backup/compare.ts';
import { lookRestore, runRestore } from '../backup/restore.ts';
import { BackupStore } from '../backup/store.ts';
import { type BackedUpCloud, takeBackup } from '../backup/take.ts';
import { drillState } from './drill-state.ts';

export interface RestoreDrillProps {
  readonly cloud: Cloud;
  readonly target: DrillTarget;
  readonly ports: { readonly hosts: CloudHosts; readonly plays: KollaPlays; readonly files: HostFiles };
  /** What a drill does to the cloud besides, and asks of it. */
  readonly stage: Pick<RestoreDrillOptions, 'makeLeases' | 'manageLeases' | 'destroy'> & {
    readonly known: (signal: AbortSignal) => Promise<KnownResources>;
  };
  readonly run: string;
  /** Gets the backup, the journal and the locks. */
  readonly folder: string;
  readonly signal: AbortSignal;
  readonly say: (what: string) => void;
}

const NAME = 'drill';

/** Takes backups, has the database deleted and restores it: what `cloud backup` and `cloud restore` do, with their own journal. */
export async function runRestoreDrill(props: RestoreDrillProps): Promise<RestoreOutcome> {
  const { target, stage, run, folder, signal, say } = props;
  mkdirSync(folder, { recursive: true });
  const identity = await generateIdentity();
  const cloud = backedUp(props.cloud, join(folder, 'backups'), await identityToRecipient(identity));
  const topology = topologyOf(NAME, cloud.value);
  const inventory = inventoryGroups(topology, false);
  const places = placesOf(inventory, topology, cloud.value);
  const store = new BackupStore(cloud.backup.destination);
  const ports = { ...props.ports, ...drillState(folder), store };
  const quiet = { signal, emit: () => undefined };
  let id = '';
  return await playRestore(target, {
    ...{ run, say, ...stage },
    async backUp(kind) {
      const source = { cloud, inventory, databaseHost: places.database[0] ?? '', ovnHost: places.raft[0] ?? '' };
      ({ id } = await takeBackup(ports, { ...source, record: undefined }, { ...quiet, kind }));
    },
    async restore() {
      const plan = await lookRestore(ports, { cloud, inventory }, id, signal);
      const began = Date.now();
      const onStep = (key: string, phase: string): void =>
        say(`${key}: ${phase} (${Math.round((Date.now() - began) / 1000)} s)`);
      const sleep = async (seconds: number) => await sleepMs(seconds * 1000, undefined, { signal });
      const own = { ...ports, identities: [identity], sleep, onStep };
      return (await runRestore(own, plan, { ...quiet, overLive: true })).outageSeconds;
    },
    compare: async () =>
      await compareExisting({ hosts: ports.hosts, known: stage.known }, { cloud: NAME, backup: id, inventory }, signal),
  });
}

/** The drill's cloud, as if its configuration had backups. */
function backedUp(value: Cloud, destination: string, recipient: string): BackedUpCloud {
  const { kolla } = value;
  if (kolla === undefined) throw new RangeError('the drill’s cloud has no section kolla');
  const backup = {
    ...{ destination, recipients: [recipient], fullAt: '02:30', incrementalHours: 0 },
    ...{ keep: { daily: 1, weekly: 0 }, maximumAgeHours: 26 },
  };
  return { kind: 'cloud', name: NAME, file: '', origin: new Origin([]), value, kolla: { ...kolla, backup }, backup };
}
