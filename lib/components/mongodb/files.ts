import type { ComponentFile, TierInputs } from '../../bring-up/component.ts';
import { SELF, secret, value } from '../../bring-up/template.ts';
import { ADMINISTRATOR, replicaSetScript } from './script.ts';
import type { MongodbSettings } from './settings.ts';

export const DATA = '/var/lib/mongodb';
export const TOOLS = '/etc/mongodb-tools.yaml';
const KEY = '/etc/mongod.key';
const SCRIPT = '/usr/local/lib/tandem/mongodb-replica-set.js';

export function mongodbFiles({ tier, environment, zones }: TierInputs<MongodbSettings>): readonly ComponentFile[] {
  const replicaSet = `${environment}-${tier}`;
  return [
    { path: '/etc/mongod.conf', content: mongodConf(replicaSet) },
    { path: KEY, content: `${secret('replicaSetKey')}\n`, mode: '0400', owner: 'mongodb:mongodb' },
    { path: ADMINISTRATOR, content: `${secret('administrator')}\n`, mode: '0400', onChange: 'none' },
    { path: TOOLS, content: `password: ${secret('administrator')}\n`, mode: '0400', onChange: 'none' },
    { path: SCRIPT, content: replicaSetScript(tier, replicaSet, zones.length), onChange: 'none' },
    { path: '/etc/systemd/system/mongodb-replica-set.service', content: REPLICA_SET_UNIT, onChange: 'none' },
    { path: '/etc/systemd/system/mongod.service.d/tandem.conf', content: MONGOD_DROP_IN },
  ];
}

/** Without `systemLog`, so that it writes to its output, which the journal has. */
function mongodConf(replicaSet: string): string {
  return `storage:
  dbPath: ${DATA}
  wiredTiger:
    engineConfig:
      cacheSizeGB: ${value('cacheGiB')}
net:
  port: 27017
  bindIp: 127.0.0.1,${SELF.address}
replication:
  replSetName: ${replicaSet}
  oplogSizeMB: ${value('oplogMiB')}
security:
  authorization: enabled
  keyFile: ${KEY}
`;
}

const MONGOD_DROP_IN = `[Unit]
StartLimitIntervalSec=0

[Service]
Restart=always
RestartSec=5
`;

/**
 * The first member makes the set and follows changes; the others have nothing to do. It does not remain active, so that each look at the
 * metadata starts it again.
 */
const REPLICA_SET_UNIT = `[Unit]
Description=Members of the MongoDB replica set
After=mongod.service
Requires=mongod.service

[Service]
Type=oneshot
ExecStart=/bin/sh -c 'test ${SELF.index} != 1 || exec mongosh --quiet --nodb --norc ${SCRIPT}'
TimeoutStartSec=600

[Install]
WantedBy=multi-user.target
`;
