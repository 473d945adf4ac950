import type { ComponentFile } from '../../bring-up/component.ts';

/** To Debian's unit: the folder of the socket, and a start again however it ended. */
export function patroniDropIn(): ComponentFile {
  return {
    path: '/etc/systemd/system/patroni.service.d/tandem.conf',
    content: `[Unit]
After=consul.service

[Service]
RuntimeDirectory=postgresql
RuntimeDirectoryMode=2775
RuntimeDirectoryPreserve=yes
Restart=always
RestartSec=1
`,
  };
}

/** Gives what all members share to the running cluster: a file of Patroni alone is read when the cluster begins, and never again. */
export function settingsUnit(cluster: string): ComponentFile {
  // There is nothing to tell yet where the cluster begins only now: it begins with the same.
  const tell = `-/usr/bin/patronictl --config-file /etc/patroni/config.yml edit-config --quiet --force --apply /etc/patroni/dynamic.yml ${cluster}`;
  return {
    path: '/etc/systemd/system/patroni-settings.service',
    content: `[Unit]
Description=Settings that all members of the PostgreSQL cluster share
After=patroni.service

[Service]
Type=oneshot
RemainAfterExit=yes
User=postgres
ExecStart=${tell}
ExecReload=${tell}

[Install]
WantedBy=multi-user.target
`,
  };
}
