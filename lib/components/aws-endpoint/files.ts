import type { ComponentFile, TierInputs } from '../../bring-up/component.ts';
import { SELF, secret, value } from '../../bring-up/template.ts';
import { hardened } from '../shared/hardened.ts';
import { AGENT_FILE, clusterFile } from './cluster.ts';
import { AWS_PORT, type AwsEndpointSettings } from './settings.ts';

export const DATA = '/var/lib/tandem-aws';
const CONFIGURATION = '/etc/tandem-aws';
const FETCH = '/usr/local/lib/tandem/aws-endpoint-fetch';

export function awsEndpointFiles(inputs: TierInputs<AwsEndpointSettings>): readonly ComponentFile[] {
  const artefacts = [
    `${value('program-sha256')} ${DATA}/program.tar ${value('program-url')}`,
    `${value('agent-sha256')} ${AGENT_FILE} ${value('agent-url')}`,
  ];
  return [
    { path: `${CONFIGURATION}/artefacts`, content: `${artefacts.join('\n')}\n` },
    // It is read again when it changed: a restart would forget what waits in the queue.
    { path: `${CONFIGURATION}/cluster.json`, content: clusterFile(inputs), onChange: 'none' },
    {
      path: `${CONFIGURATION}/secret-key`,
      content: `${secret('secret-key')}\n`,
      mode: '0640',
      owner: 'root:tandem-aws',
    },
    { path: FETCH, content: FETCH_SCRIPT, mode: '0755', onChange: 'none' },
    { path: '/etc/systemd/system/tandem-aws.service', content: UNIT },
  ];
}

const FETCH_SCRIPT = `#!/bin/sh
# Fetches what ${CONFIGURATION}/artefacts names, unless it is there. What has another checksum is never used.
set -eu
has_sum() { [ -f "$2" ] && echo "$1  $2" | sha256sum --check --status; }
while read -r sum file url; do
  if has_sum "$sum" "$file"; then continue; fi
  curl --fail --silent --show-error --location --retry 3 --output "$file.new" "$url"
  if ! has_sum "$sum" "$file.new"; then
    echo "$url is not what was expected: its SHA-256 is not $sum" >&2
    exit 1
  fi
  mv "$file.new" "$file"
done <${CONFIGURATION}/artefacts
rm -rf ${DATA}/program
mkdir ${DATA}/program
tar -xf ${DATA}/program.tar -C ${DATA}/program
`;

const UNIT = `[Unit]
Description=AWS endpoint of this environment
Wants=network-online.target
After=network-online.target
StartLimitIntervalSec=0

[Service]
User=tandem-aws
Group=tandem-aws
WorkingDirectory=${DATA}
ExecStartPre=${FETCH}
ExecStart=/usr/local/bin/node ${DATA}/program/lab-aws.mjs --host ${SELF.address} --port ${AWS_PORT} --seed ${SELF.name} --secret-file ${CONFIGURATION}/secret-key --cluster ${CONFIGURATION}/cluster.json --quiet
Restart=always
RestartSec=5
TimeoutStartSec=300
${hardened(DATA)}
[Install]
WantedBy=multi-user.target
`;
