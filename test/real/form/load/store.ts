const DATA = '/var/lib/postgresql/store';
const BIN = '/usr/lib/postgresql/15/bin';

const COMPONENT = `
title: Store
description: PostgreSQL alone, with its own defaults.
version: '15'
home: https://www.postgresql.org
packages: [postgresql-15]
afterwards: systemctl disable postgresql.service
ports: [{ name: postgresql, port: 5432, from: clients }]
files:
  - { path: /usr/local/lib/store-start, from: files/start, mode: '0755' }
  - { path: /etc/store/roles.sql, from: files/roles.sql, owner: 'postgres:postgres', mode: '0600' }
  - { path: /etc/systemd/system/store.service, from: files/unit }
units: [store.service]
health: runuser -u postgres -- psql -h /run/store -Atc 'select 1' app | grep -qx 1
data: [{ path: ${DATA}, owner: 'postgres:postgres' }]
secrets: [{ name: application, kind: password }]
`;
const START = `#!/bin/sh
# Makes the database once, and runs it in the foreground.
set -eu
if [ ! -e ${DATA}/db/made ]; then
  rm -rf ${DATA}/db
  ${BIN}/initdb --pgdata=${DATA}/db --auth=peer --encoding=UTF8 --locale=C.UTF-8 >/dev/null
  echo 'host app app all scram-sha-256' >>${DATA}/db/pg_hba.conf
  ${BIN}/postgres --single -D ${DATA}/db postgres </etc/store/roles.sql >/dev/null
  touch ${DATA}/db/made
fi
exec ${BIN}/postgres -D ${DATA}/db -h 0.0.0.0 -p 5432 -k /run/store
`;
const ROLES = `CREATE ROLE app LOGIN PASSWORD '@{secret application}'
CREATE DATABASE app OWNER app
`;
const UNIT = `[Service]
User=postgres
RuntimeDirectory=store
ExecStart=/usr/local/lib/store-start
Restart=always
RestartSec=2
KillSignal=SIGINT
[Install]
WantedBy=multi-user.target
`;

/** PostgreSQL alone on a server, as a component of the project's own: the store of the sample service, which a test may stop as it likes. */
export const STORE_FILES: Readonly<Record<string, string>> = {
  'components/custom/store/component.yaml': COMPONENT,
  'components/custom/store/files/start': START,
  'components/custom/store/files/roles.sql': ROLES,
  'components/custom/store/files/unit': UNIT,
};
