/** Keeps the agent below 100 MB: it waits and calls, and no compiler makes that faster. */
const NODE_FLAGS = '--lite-mode --max-semi-space-size=1 --max-old-space-size=64';

/**
 * Left out on purpose: what takes devices away (`PrivateDevices`, `ProtectClock`), since jobs may need accelerators; `ProtectControlGroups`,
 * which would undo the delegation; `MemoryDenyWriteExecute`, with which no JavaScript runs; `RestrictNamespaces`, for jobs with sandboxes.
 */
const HARDENED = `UMask=0077
NoNewPrivileges=yes
CapabilityBoundingSet=
LockPersonality=yes
PrivateTmp=yes
ProtectHome=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
ProtectProc=invisible
ProtectSystem=strict
RemoveIPC=yes
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK
RestrictRealtime=yes
RestrictSUIDSGID=yes
SystemCallArchitectures=native
SystemCallErrorNumber=EPERM
SystemCallFilter=@system-service
`;

/**
 * The worker stops when its jobs are done: the terminating hook bounds how long that may take.
 *
 * - Six starts within ten minutes that fail, as with a configuration or a program that can't work, make the unit `failed`.
 * - Its log is opened, and its configuration written, by root in folders of root: a job, being of the worker's user, can't put links there.
 * - `Delegate` gives the agent its control group, where each job has one with limits of its own. A job that takes too much memory dies
 *   alone (`OOMPolicy`), and before its agent (`OOMScoreAdjust`).
 */
export const WORKER_UNIT = `[Unit]
Description=Tandem worker
After=network-online.target
Wants=network-online.target
StartLimitIntervalSec=600
StartLimitBurst=6
OnFailure=tandem-worker-failed.service

[Service]
User=tandem
EnvironmentFile=/etc/tandem/worker.env
Environment=PATH=/opt/tandem/bin:/usr/local/bin:/usr/bin:/usr/local/sbin:/usr/sbin
StateDirectory=tandem
WorkingDirectory=/var/lib/tandem
ExecStartPre=+/opt/tandem/fetch
ExecStart=/opt/tandem/bin/node ${NODE_FLAGS} /opt/tandem/worker-agent.mjs /etc/tandem/worker.json
StandardOutput=append:/var/log/tandem/worker.log
StandardError=inherit
Restart=always
RestartSec=5
KillMode=mixed
TimeoutStartSec=300
TimeoutStopSec=infinity
Delegate=yes
Environment=TANDEM_CGROUP=delegated
OOMPolicy=continue
OOMScoreAdjust=-500
${HARDENED}
[Install]
WantedBy=multi-user.target
`;

/** Runs after the worker has failed for good, until the instance is gone or the worker is started again. */
export const FAILED_UNIT = `[Unit]
Description=Gives this instance up: Tandem's worker failed
Conflicts=tandem-worker.service
StartLimitIntervalSec=0

[Service]
User=tandem
EnvironmentFile=/etc/tandem/worker.env
Environment=STATE_DIRECTORY=/var/lib/tandem
ExecStart=/opt/tandem/give-up
StandardOutput=append:/var/log/tandem/worker.log
StandardError=inherit
Restart=on-failure
RestartSec=60
ReadWritePaths=/var/lib/tandem
${HARDENED}`;
