import type { ComponentFile, Install } from '../../bring-up/component.ts';

/** The last release under the Mozilla Public License whose modules build by themselves. */
export const CONSUL_VERSION = '1.14.4';
export const CONSUL = '/usr/local/bin/consul';
export const CONSUL_DATA = '/var/lib/consul';

/** Of the archives of their makers, as consul_1.14.4_SHA256SUMS has it. */
const DIGESTS = {
  amd64: 'eafb7c853ce9cc1536bffa99325f8df365ff70a3b83c037836e63964a8adfd7a',
  arm64: '9baf47a75c95945824da0629bc0b3f7b1ca55015e8c9ce7579d9a431a90b721c',
} as const;

/** The archive for a processor, below the mirror `hashicorp`. */
export function consulArtefact(machine: keyof typeof DIGESTS) {
  const path = `consul/${CONSUL_VERSION}/consul_${CONSUL_VERSION}_linux_${machine}.zip`;
  return { from: 'hashicorp', path, sha256: DIGESTS[machine] } as const;
}

/** One program for servers and agents: the same file, made executable by its archive. */
export const CONSUL_INSTALL: Install = {
  packages: [],
  artefacts: [
    {
      ...consulArtefact('amd64'),
      to: '/usr/local/bin',
      unpack: 'zip',
      unless: `test "$(${CONSUL} version 2>/dev/null | head -n 1)" = "Consul v${CONSUL_VERSION}"`,
    },
  ],
  users: ['consul'],
};

/** `exec` instead of `notify`: Consul says that it is ready when it has joined, and the first of all servers would wait for the others. */
export function consulUnit(description: string): ComponentFile {
  return {
    path: '/etc/systemd/system/consul.service',
    content: `[Unit]
Description=${description}
Documentation=https://developer.hashicorp.com/consul/docs/v1.14.x
Wants=network-online.target
After=network-online.target

[Service]
Type=exec
User=consul
Group=consul
ExecStart=${CONSUL} agent -config-dir=/etc/consul.d
ExecReload=/bin/kill -HUP $MAINPID
KillMode=process
KillSignal=SIGTERM
Restart=on-failure
RestartSec=1
LimitNOFILE=65536

[Install]
WantedBy=multi-user.target
`,
  };
}
