import { defineComponent } from '../../bring-up/component.ts';
import { majorityOf } from '../../config/majority.ts';
import { DATA, mongodbFiles, TOOLS } from './files.ts';
import { INSTALL_MONGODB } from './install.ts';
import { voters } from './replica-set.ts';
import { ADMINISTRATOR } from './script.ts';
import { cacheMiB, type MongodbSettings, mongodbFindings, mongodbSettings } from './settings.ts';

const SHELL = "mongosh --quiet --norc 'mongodb://127.0.0.1:27017/admin?directConnection=true' --eval";

/** A replica set of MongoDB, each member in the next zone, whose writes wait for the majority. */
export const mongodb = defineComponent<MongodbSettings>({
  name: 'mongodb',
  title: 'MongoDB',
  description: 'Document database: a primary and its secondaries, which elect another by majority.',
  version: '8.0',
  home: 'https://www.mongodb.com/docs/v8.0/',
  evidence:
    "It was not run. Its settings were checked by MongoDB's documentation, and its replica set in a model of every order of crashes, elections, writes and partitions of three and five members: no write that a majority acknowledged is rolled back, and a term has one primary.",
  settings: mongodbSettings,
  install: { packages: ['ca-certificates', 'curl', 'gpg'], afterwards: INSTALL_MONGODB },
  ports: () => [
    { name: 'mongodb', port: 27017, protocol: 'tcp', from: 'clients' },
    { name: 'mongodb', port: 27017, protocol: 'tcp', from: 'members' },
  ],
  peers: (_settings, tier) => [tier],
  values: (inputs) => ({
    // The program takes fractions, from 0.25 on.
    cacheGiB: Math.floor((cacheMiB(inputs) / 1024) * 100) / 100,
    oplogMiB: inputs.settings.oplogMiB,
    electionTimeoutMillis: inputs.settings.electionTimeoutSeconds * 1000,
  }),
  files: mongodbFiles,
  units: () => ['mongod.service', 'mongodb-replica-set.service'],
  health: () =>
    `${SHELL} 'const { isWritablePrimary, secondary } = db.hello(); quit(isWritablePrimary || secondary ? 0 : 1)'`,
  quorum: ({ count }) => ({ members: voters(count), needed: majorityOf(voters(count)) }),
  data: [{ path: DATA, owner: 'mongodb:mongodb' }],
  hooks: {
    // Hands over where it is the primary; elsewhere there is nothing to hand over.
    drain: `${SHELL} 'if (db.hello().isWritablePrimary) { db.auth("administrator", require("fs").readFileSync("${ADMINISTRATOR}", "utf8").trim()); db.adminCommand({ replSetStepDown: 60, secondaryCatchUpPeriodSecs: 30 }) }'`,
    backup: `mongodump --quiet --config ${TOOLS} --username administrator --authenticationDatabase admin --oplog --gzip --archive="$BACKUP_DIRECTORY/mongodb.archive.gz"`,
  },
  secrets: [
    { name: 'replicaSetKey', kind: 'password' },
    { name: 'administrator', kind: 'password' },
  ],
  check: mongodbFindings,
});
