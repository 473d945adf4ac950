import type { ComponentFile, TierInputs } from '../../bring-up/component.ts';
import { peers, value } from '../../bring-up/template.ts';
import { hardened } from '../shared/hardened.ts';
import type { JvmServiceSettings } from './settings.ts';

const CONFIGURATION = '/etc/jvm-service';
export const DATA = '/var/lib/jvm-service';
const FETCH = '/usr/local/lib/tandem/jvm-service-fetch';

export function jvmServiceFiles({ settings }: TierInputs<JvmServiceSettings>): readonly ComponentFile[] {
  return [
    { path: `${CONFIGURATION}/environment`, content: environment(settings) },
    { path: '/etc/systemd/system/jvm-service.service', content: unit(settings) },
    ...(settings.jar === undefined
      ? []
      : [
          // Its text changes with the release, which restarts the service, and the start fetches.
          { path: `${CONFIGURATION}/jar`, content: `${value('jarSha256')} ${value('jarUrl')}\n` },
          { path: FETCH, content: FETCH_SCRIPT, mode: '0755', onChange: 'none' as const },
        ]),
  ];
}

/** Options of the JVM that fit a small server: an end where memory is short, which systemd follows by a start. */
const JAVA_OPTIONS = [
  `-Xms${value('heapMiB')}m`,
  `-Xmx${value('heapMiB')}m`,
  '-XX:+UseG1GC',
  '-XX:+ExitOnOutOfMemoryError',
  '-XX:+PerfDisableSharedMem',
  '-Djava.net.preferIPv4Stack=true',
];

/** An `EnvironmentFile` of systemd. */
function environment(settings: JvmServiceSettings): string {
  const lines = [
    `JAVA_TOOL_OPTIONS="${JAVA_OPTIONS.join(' ')}"`,
    `PORT="${settings.port}"`,
    ...Object.entries(settings.connects)
      .sort(byName)
      .map(([name, { tier }]) => `${name}_HOSTS="${peers(tier)}"`),
    ...Object.keys(settings.variables)
      .sort()
      .map((name) => `${name}="${value(`variable-${name}`)}"`),
  ];
  return `${lines.join('\n')}\n`;
}

function byName([one]: readonly [string, unknown], [other]: readonly [string, unknown]): number {
  return one < other ? -1 : 1;
}

function unit(settings: JvmServiceSettings): string {
  const program = settings.command ?? `/usr/bin/java -jar ${DATA}/service.jar`;
  return `[Unit]
Description=Service on the JVM
Wants=network-online.target
After=network-online.target
StartLimitIntervalSec=0

[Service]
User=jvm-service
Group=jvm-service
WorkingDirectory=${DATA}
EnvironmentFile=${CONFIGURATION}/environment
${settings.jar === undefined ? '' : `ExecStartPre=${FETCH}\n`}ExecStart=${[program, ...settings.arguments].join(' ')}
Restart=always
RestartSec=5
SuccessExitStatus=143
TimeoutStartSec=300
TimeoutStopSec=60
LimitNOFILE=65536
${hardened(DATA)}
[Install]
WantedBy=multi-user.target
`;
}

const FETCH_SCRIPT = `#!/bin/sh
# Fetches the jar that ${CONFIGURATION}/jar names, unless it is there. One with another checksum is never run.
set -eu
read -r sum url <${CONFIGURATION}/jar
has_sum() { [ -f "$1" ] && echo "$sum  $1" | sha256sum --check --status; }
if has_sum ${DATA}/service.jar; then exit 0; fi
curl --fail --silent --show-error --location --retry 3 --output ${DATA}/service.jar.new "$url"
if ! has_sum ${DATA}/service.jar.new; then
  echo "$url is not what was expected: its SHA-256 is not $sum" >&2
  exit 1
fi
mv ${DATA}/service.jar.new ${DATA}/service.jar
`;
