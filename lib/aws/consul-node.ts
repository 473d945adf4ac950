import { type BootFile, bootScript } from './boot-script.ts';
import { CONSUL_PROGRAM } from './consul-program.ts';

/** An instance that runs Consul: a server, or a worker's agent. */
export interface ConsulNodeProps {
  readonly role: 'server' | 'client';
  readonly region: string;
  /** SSM parameter that says what it runs; it names another one, with the secrets. */
  readonly parameterName: string;
}

/**
 * Between two looks at the parameters. Systems Manager answers 40 questions a second for the whole account and Region (AWS General Reference,
 * "AWS Systems Manager endpoints and quotas"): 500 workers ask 1.7 a second.
 */
const MINUTES = { server: 1, client: 10 } as const;

/** Settings change rarely: a restart is never far behind a look, and what AWS does not answer is asked again after five seconds. */
function unit({ role }: ConsulNodeProps): string {
  return `[Unit]
Description=Consul, as ${role}
Documentation=https://developer.hashicorp.com/consul/docs/v1.14.x
After=network-online.target
Wants=network-online.target
StartLimitIntervalSec=0

[Service]
Type=exec
User=consul
EnvironmentFile=/etc/tandem/consul.env
StateDirectory=consul
StateDirectoryMode=0700
ExecStartPre=+/opt/tandem/consul prepare
ExecStart=/opt/tandem/bin/consul agent -config-dir=/etc/consul.d
ExecReload=/bin/kill -HUP $MAINPID
KillMode=process
Restart=always
RestartSec=5
TimeoutStartSec=300
TimeoutStopSec=20
LimitNOFILE=65536
NoNewPrivileges=yes
CapabilityBoundingSet=
PrivateTmp=yes
ProtectHome=yes
ProtectSystem=strict
${role === 'client' ? BESIDE_JOBS : ''}
[Install]
WantedBy=multi-user.target
`;
}

/** On a worker it has what is left, and is the first that the kernel ends where memory is short: jobs do not need it. */
const BESIDE_JOBS = `Environment=GOMEMLIMIT=96MiB
MemoryHigh=128M
MemoryMax=192M
CPUWeight=20
OOMScoreAdjust=900
`;

const FOLLOW_UNIT = `[Unit]
Description=Follows what Consul's parameters say
After=tandem-consul.service

[Service]
Type=oneshot
EnvironmentFile=/etc/tandem/consul.env
ExecStart=/opt/tandem/consul follow
TimeoutStartSec=240
`;

function timer({ role }: ConsulNodeProps): string {
  return `[Unit]
Description=Looks at Consul's parameters

[Timer]
OnActiveSec=${MINUTES[role]}min
OnUnitActiveSec=${MINUTES[role]}min
RandomizedDelaySec=${MINUTES[role] * 20}s

[Install]
WantedBy=timers.target
`;
}

/** Names of Consul are answered by the own agent, and others as before (systemd 246 or later; systemd-resolved(8), resolved.conf(5)). */
const RESOLVED = `[Resolve]
DNS=127.0.0.1:8600
DNSSEC=false
Domains=~consul
`;

/** All that a machine needs to run Consul, besides what it fetches by itself. */
export function consulFiles(props: ConsulNodeProps): readonly BootFile[] {
  const environment = `TANDEM_REGION=${props.region}\nTANDEM_CONSUL_PARAMETER=${props.parameterName}\n`;
  return [
    { path: '/etc/tandem/consul.env', content: environment },
    { path: '/opt/tandem/consul', content: CONSUL_PROGRAM, isProgram: true },
    { path: '/etc/systemd/system/tandem-consul.service', content: unit(props) },
    { path: '/etc/systemd/system/tandem-consul-follow.service', content: FOLLOW_UNIT },
    { path: '/etc/systemd/system/tandem-consul-follow.timer', content: timer(props) },
    ...(props.role === 'client'
      ? [{ path: '/etc/systemd/resolved.conf.d/tandem-consul.conf', content: RESOLVED }]
      : []),
  ];
}

/** What begins it, after the files are there. Whatever becomes of it, the script goes on. */
export function consulStart({ role }: ConsulNodeProps): readonly string[] {
  return [
    ...(role === 'client' ? ['systemctl try-restart --no-block systemd-resolved.service || true'] : []),
    'systemctl enable --now --no-block tandem-consul.service tandem-consul-follow.timer || true',
  ];
}

/** What makes its user and folders, before the files. */
export function consulUser({ role }: ConsulNodeProps): readonly string[] {
  return [
    'id consul >/dev/null 2>&1 || useradd --system --user-group --no-create-home --shell /usr/sbin/nologin consul',
    `install -d -m 0755 /etc/tandem /opt/tandem /etc/consul.d${role === 'client' ? ' /etc/systemd/resolved.conf.d' : ''}`,
  ];
}

/** User data of a server: no secret, and nothing that changes with a version or a setting. */
export function consulBootstrap(props: ConsulNodeProps): string {
  return bootScript({ before: consulUser(props), files: consulFiles(props), after: consulStart(props) });
}
