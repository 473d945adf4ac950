import type { ComponentFile } from '../../bring-up/component.ts';
import { LINK_PROGRAM_PATH } from './program.ts';

/** In the order in which they start. A change of settings reloads all of them in this order, and restarts none. */
export const LINK_UNITS = [
  'tandem-link.service',
  'strongswan.service',
  'frr.service',
  'unbound.service',
  'keepalived.service',
  'tandem-link-probe.service',
] as const;

/** For a unit of Debian: after the settings are there, and begun again however it ended, however often. */
export function afterSettings(unit: string, service = ''): ComponentFile {
  return {
    path: `/etc/systemd/system/${unit}.d/tandem.conf`,
    content: `[Unit]
After=tandem-link.service
StartLimitIntervalSec=0

[Service]
${service}Restart=always
RestartSec=1
`,
  };
}

export function unitFiles(): readonly ComponentFile[] {
  return [
    { path: '/etc/systemd/system/tandem-link.service', content: SETTLE },
    { path: '/etc/systemd/system/tandem-link-probe.service', content: PROBE },
  ];
}

/** Not after the network is there, which is after FRR for systemd: it waits for its address itself. */
const SETTLE = `[Unit]
Description=Interfaces, filters and settings of the link
StartLimitIntervalSec=0
Before=strongswan.service frr.service unbound.service keepalived.service

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=${LINK_PROGRAM_PATH} settle
ExecReload=${LINK_PROGRAM_PATH} settle
Restart=on-failure
RestartSec=1

[Install]
WantedBy=multi-user.target
`;

/** A start ends a drain. */
const PROBE = `[Unit]
Description=Probes through the tunnels of the link
After=tandem-link.service frr.service

[Service]
Type=notify
ExecStartPre=/bin/rm -f /run/tandem-link/drained
ExecStart=${LINK_PROGRAM_PATH} probe
ExecReload=/bin/kill -HUP $MAINPID
WatchdogSec=15
Restart=always
RestartSec=1
Nice=-10

[Install]
WantedBy=multi-user.target
`;
