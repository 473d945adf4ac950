import { gzipSync, strToU8 } from 'fflate';
import { userDataTooLarge } from './errors.ts';
import { installScript } from './install.ts';
import { type Manifest, manifestOf } from './manifest.ts';
import { CONFIGURATION_PATH, PROGRAM, PROGRAM_PATH } from './program.ts';
import type { TierSoftware } from './tier-software.ts';

/** Nova takes 65,535 characters of Base64; keys of access and cloud-init's own parts need room too. */
const MOST_BYTES = 40 * 1024;

/** As long as a first installation may take on a slow mirror. */
const UNIT = `[Unit]
Description=Brings this server up as its lease says
Wants=network-online.target
After=network-online.target

[Service]
Type=oneshot
ExecStart=${PROGRAM_PATH} apply
TimeoutStartSec=1h
StandardOutput=journal+console
StandardError=journal+console
`;

/** On the minute, so that all members of a tier see a change at the same time, and take turns by the clock. */
const TIMER = `[Unit]
Description=Follows changes of the lease

[Timer]
OnCalendar=minutely
AccuracySec=1s

[Install]
WantedBy=timers.target
`;

/**
 * The program is half of all user data, and the same for every tier: packed, it leaves the room to what plans are read for. By JavaScript
 * alone, not by zlib, whose bytes differ from one processor to another, and other bytes replace servers.
 */
const PACKED_PROGRAM = `base64 -d <<'END' | gzip -d >${PROGRAM_PATH}
${Buffer.from(gzipSync(strToU8(PROGRAM), { level: 9, mtime: 0 }))
  .toString('base64')
  .replace(/.{76}/g, '$&\n')
  .trimEnd()}
END
`;

/**
 * A script for cloud-init, a part of `joinUserData`, that brings a server up: it writes the program, its manifest and its timer, and
 * starts it. The same bytes for every server of the tier, without secrets.
 * @throws TandemError `user-data-too-large`, `component-file-not-plain`, `same-file-twice`
 */
export function bringUpUserData(software: TierSoftware): string {
  const manifest = manifestOf(software);
  const script = installScript(
    software.runs.map(({ component }) => component),
    software.mirrors,
  );
  const text = `#!/bin/sh
# Brings this server up: what it runs stands in the manifest, who it is in its metadata.
set -eu
mkdir -p /usr/local/lib/tandem ${CONFIGURATION_PATH}
${[
  PACKED_PROGRAM,
  written(`${CONFIGURATION_PATH}/install.sh`, script),
  written(`${CONFIGURATION_PATH}/manifest.json`, manifestText(manifest)),
  written('/etc/systemd/system/tandem-bring-up.service', UNIT),
  written('/etc/systemd/system/tandem-bring-up.timer', TIMER),
].join('')}chmod 0755 ${PROGRAM_PATH}
systemctl daemon-reload
systemctl enable --now tandem-bring-up.timer
systemctl start --no-block tandem-bring-up.service
`;
  const bytes = Buffer.byteLength(text);
  if (bytes > MOST_BYTES) throw userDataTooLarge(software.inputs.tier, bytes, MOST_BYTES, largestOf(manifest, script));
  return text;
}

function manifestText(manifest: Manifest): string {
  return `${JSON.stringify(manifest, null, 1)}\n`;
}

function written(path: string, text: string): string {
  let end = 'END';
  while (text.split('\n').includes(end)) end = `${end}-END`;
  return `cat >${path} <<'${end}'\n${text.replace(/\n?$/, '\n')}${end}\n`;
}

function largestOf(manifest: Manifest, script: string): string {
  const files = manifest.components.flatMap(({ name, files: all }) =>
    all.map(({ path, content }) => ({ what: `${path} of ${name}`, bytes: Buffer.byteLength(content) })),
  );
  const parts = [...files, { what: 'the list of artefacts', bytes: Buffer.byteLength(script) }];
  const [largest] = parts.sort((one, other) => other.bytes - one.bytes);
  return largest === undefined ? 'the program' : `${largest.what}, ${largest.bytes} bytes`;
}
