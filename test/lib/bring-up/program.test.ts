import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Manifest, manifestOf } from '../../../lib/bring-up/manifest.ts';
import { bringUpMetadata } from '../../../lib/bring-up/metadata.ts';
import { PROGRAM } from '../../../lib/bring-up/program.ts';
import { peers, SELF, secret, value } from '../../../lib/bring-up/template.ts';
import { echoSoftware, serversOf } from './echo.ts';

const hasPython = spawnSync('python3', ['--version']).status === 0;
const servers = { echo: serversOf('echo', 3), web: serversOf('web', 2) };

describe.runIf(hasPython)('the program on a server', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'bring-up-'));
    writeFileSync(join(folder, 'bring-up'), PROGRAM);
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  function render(manifest: Manifest, metadata: Record<string, string>, server = 'alice-echo-2'): string {
    const whole = { uuid: 'u', name: server, availability_zone: 'b', meta: metadata };
    writeFileSync(join(folder, 'manifest.json'), JSON.stringify(manifest));
    writeFileSync(join(folder, 'metadata.json'), JSON.stringify(whole));
    const options = ['--manifest', join(folder, 'manifest.json'), '--metadata', join(folder, 'metadata.json')];
    const root = join(folder, 'root');
    execFileSync('python3', [join(folder, 'bring-up'), ...options, 'render', '--root', root], { stdio: 'pipe' });
    return root;
  }

  function filled(content: string, tier = 'echo'): string {
    const software = echoSoftware({ upstream: { tier: 'web' } });
    const [component] = manifestOf(software).components;
    if (component === undefined) throw new Error('echo has no manifest');
    const file = { path: '/text', content, mode: '0644', owner: 'root:root', onChange: 'none' } as const;
    const metadata = bringUpMetadata(software, { index: 2, name: 'alice-echo-2', volumes: {}, servers });
    return readFileSync(
      join(render({ tier, components: [{ ...component, files: [file] }] }, metadata), 'text'),
      'utf8',
    );
  }

  it('fills in who the server is, and what its component is told', () => {
    expect(filled(`${SELF.name} ${SELF.address} ${SELF.index} ${SELF.zone}`)).toBe('alice-echo-2 10.77.0.11 2 b');
    expect(filled(`${value('greeting')} ${value('port')} ${secret('token')}`)).toBe('hello 7007 secret-token-of-echo');
  });

  it('takes secrets where one is missing, and again when another token is offered that has not ended', () => {
    const script = `
import importlib.machinery, importlib.util, json, os, sys, types
loader = importlib.machinery.SourceFileLoader("program", sys.argv[1])
program = importlib.util.module_from_spec(importlib.util.spec_from_loader("program", loader))
loader.exec_module(program)
program.STATE = sys.argv[2]
asked = []
def take(line):
    asked.append(line)
    return {"echo": {"tls.key": line.split(" ")[2]}}
program.take_secrets = take
for line in json.loads(sys.argv[3]):
    server = types.SimpleNamespace(meta={"boot-token": line})
    program.take_new_secrets([{"name": "echo", "secrets": ["tls.key"]}], server, program.read_state())
with open(program.secret_path("echo", "tls.key")) as file:
    print(json.dumps([asked, file.read()]))
`;
    const [first, second] = ['wrapped https://v one 9999999999', 'wrapped https://v two 9999999999'];
    const lines = [first, first, 'taken digest 9999999999', second, second, 'wrapped https://v ended 1'];
    const said = execFileSync('python3', ['-c', script, join(folder, 'bring-up'), folder, JSON.stringify(lines)]);
    expect(JSON.parse(said.toString())).toEqual([[first, second], 'two']);
  });

  it('lists the servers of a tier in the order of their index', () => {
    expect(filled(peers('web'))).toBe('10.77.0.50,10.77.0.51');
    expect(filled(peers('echo', { limit: 2 }))).toBe('10.77.0.10,10.77.0.11');
    expect(filled(peers('echo', { limit: 2, others: true, item: '{name}' }))).toBe('alice-echo-1');
    expect(filled(peers('echo', { item: 'server.{index}={address} {name}', separator: '\n' }))).toBe(
      'server.1=10.77.0.10 alice-echo-1\nserver.2=10.77.0.11 alice-echo-2\nserver.3=10.77.0.12 alice-echo-3',
    );
    expect(filled(peers('echo', { limit: 2, item: '{address}:1|', separator: '|' }))).toBe(
      '10.77.0.10:1||10.77.0.11:1|',
    );
    expect(filled(peers('echo', { item: '  {address}\n', separator: '' }))).toBe(
      '  10.77.0.10\n  10.77.0.11\n  10.77.0.12\n',
    );
  });

  it('leaves a text as it is that is no placeholder', () => {
    const text = 'a@{b} @{value} @{addresses} {address} @{peers|web} $address %(name)s';
    expect(filled(text)).toBe(text);
  });

  it('fails for what the metadata does not have, and says what', () => {
    expect(() => filled(value('volume'))).toThrow('the metadata has no echo.volume');
    expect(() => filled(peers('queue'))).toThrow('the metadata has no servers of tier queue');
  });

  it('writes files with their modes, the same when asked again', () => {
    const software = echoSoftware({ upstream: { tier: 'web' } });
    const metadata = bringUpMetadata(software, { index: 2, name: 'alice-echo-2', volumes: {}, servers });
    const root = render(manifestOf(software), metadata);
    const path = join(root, 'etc/echo.conf');
    const first = statSync(path);
    expect(readFileSync(path, 'utf8')).toBe(
      'greeting=hello\nself=alice-echo-2 10.77.0.11 2 b\nothers=alice-web-1=10.77.0.50#1 alice-web-2=10.77.0.51#2\n',
    );
    expect((statSync(join(root, 'etc/echo.token')).mode & 0o777).toString(8)).toBe('640');
    render(manifestOf(software), metadata);
    expect(statSync(path).ino).toBe(first.ino);
  });

  it('knows more servers than one value of metadata can hold', () => {
    const many = serversOf('web', 90);
    const software = echoSoftware({ upstream: { tier: 'web' } });
    const metadata = bringUpMetadata(software, {
      index: 2,
      name: 'alice-echo-2',
      volumes: {},
      servers: { echo: servers.echo, web: many },
    });
    const root = render(manifestOf(software), metadata);
    const others = readFileSync(join(root, 'etc/echo.conf'), 'utf8')
      .match(/^others=(.*)$/m)?.[1]
      ?.split(' ');
    expect(others).toEqual(many.map(({ name, address }, at) => `${name}=${address}#${at + 1}`));
  });
});
