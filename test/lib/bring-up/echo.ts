import { z } from 'zod';
import { defineComponent } from '../../../lib/bring-up/component.ts';
import { peers, SELF, secret, value } from '../../../lib/bring-up/template.ts';
import { type TierReference, tierReference } from '../../../lib/bring-up/tier-reference.ts';
import type { TierSoftware } from '../../../lib/bring-up/tier-software.ts';

interface EchoSettings {
  readonly port: number;
  readonly greeting: string;
  readonly upstream?: TierReference | undefined;
}

/** A small component with one of everything: it answers each line on its port with its name. */
export const echo = defineComponent<EchoSettings>({
  name: 'echo',
  title: 'Echo',
  description: 'Answers each line.',
  version: '1',
  home: 'https://example.org',
  settings: z.strictObject({
    port: z.int().default(7007).describe('Port.'),
    greeting: z.string().default('hello').describe('Said first.'),
    upstream: tierReference().optional().describe('Tier that it knows.'),
  }),
  install: { packages: ['python3'], users: ['echo'], afterwards: 'mkdir -p /opt/echo' },
  ports: ({ port }) => [{ name: 'echo', port, protocol: 'tcp', from: 'members' }],
  peers: ({ upstream }) => (upstream === undefined ? [] : [upstream.tier]),
  values: ({ settings }) => ({ greeting: settings.greeting, port: settings.port }),
  files: ({ settings }) => [
    { path: '/opt/echo/echo.py', content: ECHO, onChange: 'restart' },
    {
      path: '/etc/echo.conf',
      content: [
        `greeting=${value('greeting')}`,
        `self=${SELF.name} ${SELF.address} ${SELF.index} ${SELF.zone}`,
        `others=${settings.upstream === undefined ? '-' : peers(settings.upstream.tier, { item: '{name}={address}#{index}', separator: ' ' })}`,
        '',
      ].join('\n'),
      onChange: 'restart',
    },
    { path: '/etc/echo.token', content: secret('token'), mode: '0640', owner: 'root:echo', onChange: 'none' },
    {
      path: '/etc/systemd/system/echo.service',
      content: UNIT,
    },
  ],
  units: () => ['echo.service'],
  health: ({ port }) => `python3 -c 'import socket; socket.create_connection(("${SELF.address}", ${port}), 3)'`,
  data: [{ path: '/var/lib/echo', owner: 'echo:echo' }],
  hooks: { drain: 'echo drained >>/var/lib/echo/drained', backup: 'cp /var/lib/echo/* "$BACKUP_DIRECTORY"' },
  secrets: [{ name: 'token', kind: 'password' }],
});

const UNIT = `[Unit]
Description=Echo

[Service]
User=echo
ExecStart=/usr/bin/python3 /opt/echo/echo.py
Environment=KIND=plain "WORDS=two words"
Restart=on-failure

[Install]
WantedBy=multi-user.target
`;

const ECHO = `import os, socketserver
settings = dict(line.rstrip("\\n").split("=", 1) for line in open("/etc/echo.conf"))
with open("/var/lib/echo/starts", "a") as file:
    file.write("%d %s %s\\n" % (os.getpid(), settings["greeting"], os.environ["WORDS"]))

class Handler(socketserver.StreamRequestHandler):
    def handle(self):
        for line in self.rfile:
            self.wfile.write(("%s, %s: " % (settings["greeting"], settings["self"])).encode() + line)

class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True

Server(("", 7007), Handler).serve_forever()
`;

/** A tier `echo` of environment `alice` that runs it. */
export function echoSoftware(settings: Partial<EchoSettings> = {}, count = 3): TierSoftware {
  return {
    inputs: {
      tier: 'echo',
      environment: 'alice',
      zone: 'alice.dev.example.org',
      count,
      zones: ['a', 'b', 'c'],
      flavor: { vcpus: 1, memoryMiB: 1024, diskGiB: 10 },
      counts: { echo: count, web: 2 },
      runs: { echo: { echo: {} }, web: {} },
    },
    runs: [{ component: echo, settings: echo.settings.parse(settings) }],
  };
}

/** Servers of a tier as a lease names them, each with an address. */
export function serversOf(tier: string, count: number): readonly { readonly name: string; readonly address: string }[] {
  const from = tier === 'echo' ? 10 : 50;
  return Array.from({ length: count }, (_, at) => ({
    name: `alice-${tier}-${at + 1}`,
    address: `10.77.0.${from + at}`,
  }));
}
