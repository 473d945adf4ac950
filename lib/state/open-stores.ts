import { join } from 'node:path';
import { stateBackendIncomplete } from '../config/errors.ts';
import type { Organisation } from '../config/schema/organisation.ts';
import type { SecretRef } from '../secrets/secret.ts';
import type { Broken } from './broken.ts';
import type { Cells } from './cells.ts';
import type { Journal } from './journal.ts';
import { type LineageStore, localLineage } from './lineage.ts';
import { localCells } from './local-cells.ts';
import { localJournal } from './local-journal.ts';
import { localLocks } from './local-locks.ts';
import { localRecords } from './local-records.ts';
import type { LockStore } from './lock.ts';
import { localVersions } from './raw-versions.ts';
import type { RecordStore } from './record.ts';
import type { Sealer } from './sealer.ts';
import { type States, sealedStates } from './states.ts';
import { localStates } from './states-local.ts';
import { sealedVersions, type Versions } from './versions.ts';

export interface Stores {
  readonly records: RecordStore;
  readonly journal: Journal;
  readonly locks: LockStore;
  /** What operations on fleets believe of AWS's limits, by account and Region. */
  readonly ledgers: Cells;
  readonly lineage: LineageStore;
  /** What Terraform keeps of each stack. */
  readonly states: States;
  /** Earlier states and records. */
  readonly versions: Versions;
  /** Variables that Terraform needs to reach its states in the same place; secrets. */
  readonly terraformEnvironment: Readonly<Record<string, string>>;
  /** Closes connections, so that the process can end. */
  close(): Promise<void>;
}

export interface StoresProps {
  /** The project's root. */
  readonly root: string;
  readonly state: Organisation['state'];
  readonly environment: NodeJS.ProcessEnv;
  /** Asked only where a back end needs one. */
  readonly readSecret: (reference: SecretRef) => Promise<string>;
  /** Encrypts what is kept. */
  readonly sealer: Sealer;
  /** Told what people should know while work goes on: what cannot be read and is passed over, what is waited for. @default - nobody is */
  readonly warn?: (text: string) => void;
}

/**
 * The stores that the organisation chose. A back end's client is loaded only where it is used.
 * A back end that cannot be reached is an error before anything else.
 * @throws TandemError `state-backend-incomplete`, `no-such-secret`, `state-unreachable`
 */
export async function openStores(props: StoresProps): Promise<Stores> {
  const { rawStates, rawVersions, ...stores } = await openBackend(props);
  // Whatever is asked first would find out as late as after a plan.
  if (props.state.backend !== 'local') await stores.locks.read('tandem/reached');
  const { sealer } = props;
  return { ...stores, states: sealedStates(rawStates, sealer), versions: sealedVersions(rawVersions, sealer) };
}

async function openBackend({ root, state, environment, readSecret, sealer, warn = () => undefined }: StoresProps) {
  const options = { sealer, onBroken: tellOnce(warn) };
  if (state.backend === 'pg') {
    if (state.pg === undefined) throw stateBackendIncomplete('pg', 'state.pg');
    const given = environment['PG_CONN_STR'];
    const { connection: reference, schema } = state.pg;
    const connection = given ?? (await readSecret(reference as SecretRef));
    const { pgStores } = await import('./pg-stores.ts');
    return {
      ...pgStores({ connection, schema, onWait: warn }, options),
      terraformEnvironment: { PG_CONN_STR: connection },
    };
  }
  if (state.backend === 's3') {
    if (state.s3 === undefined) throw stateBackendIncomplete('s3', 'state.s3');
    const { s3Bucket } = await import('./s3-bucket.ts');
    const { bucketStores } = await import('./bucket-stores.ts');
    const { bucket, prefix } = state.s3;
    return {
      ...bucketStores(s3Bucket({ ...state.s3, onWait: warn }), `bucket ${bucket}/${prefix}`, options),
      terraformEnvironment: awsVariables(environment),
    };
  }
  return {
    records: localRecords(root, options),
    journal: localJournal(root, options),
    locks: localLocks(root, options),
    ledgers: localCells(root, join(root, '.tandem', 'ledger')),
    lineage: localLineage(root),
    rawStates: localStates(root),
    rawVersions: localVersions(root),
    terraformEnvironment: {},
    close: async () => undefined,
  };
}

/** How the operator calls AWS, for Terraform's own access to the bucket. */
function awsVariables(environment: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).flatMap(([name, value]) =>
      value !== undefined && name.startsWith('AWS_') ? [[name, value]] : [],
    ),
  );
}

/** A warning of each broken thing, once a command. */
function tellOnce(warn: (text: string) => void): (broken: Broken) => void {
  const told = new Set<string>();
  return ({ where, why }) => {
    if (told.has(where)) return;
    told.add(where);
    warn(`${where} cannot be read and is passed over: ${why}; \`tandem doctor\` says what to do`);
  };
}
