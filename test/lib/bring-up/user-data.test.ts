import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import type { Artefact, Component } from '../../../lib/bring-up/component.ts';
import { installScript } from '../../../lib/bring-up/install.ts';
import { PROGRAM, PROGRAM_PATH } from '../../../lib/bring-up/program.ts';
import type { TierSoftware } from '../../../lib/bring-up/tier-software.ts';
import { bringUpUserData } from '../../../lib/bring-up/user-data.ts';
import { joinUserData } from '../../../lib/openstack/user-data.ts';
import { softwareOfLease } from '../../real/form/support/software.ts';
import { echo, echoSoftware } from './echo.ts';

const jar: Artefact = { from: 'maven', path: 'g/a/1/a-1.jar', sha256: 'ab'.repeat(32), to: '/opt/a.jar' };

function withFile(path: string, content: string): TierSoftware {
  const software = echoSoftware();
  const changed = { ...echo, files: () => [{ path, content }] } as Component<object>;
  return { ...software, runs: [{ component: changed, settings: {} }] };
}

describe('user data', () => {
  it('is a script that a shell can read, the same every time and for every number of servers', () => {
    const text = bringUpUserData(echoSoftware({}, 3));
    expect(() => execFileSync('sh', ['-n'], { input: text })).not.toThrow();
    expect(text.startsWith('#!/bin/sh\n')).toBe(true);
    expect(bringUpUserData(echoSoftware({}, 5))).toBe(text);
    expect(joinUserData([text, '#cloud-config\n{}'])).toContain(text);
  });

  it('has the program packed, as a server unpacks it', () => {
    const text = bringUpUserData(echoSoftware());
    const [, unpack = ''] = /^(base64 -d [^]*?^END\n)/m.exec(text) ?? [];
    const unpacked = execFileSync('sh', ['-eu'], { input: unpack.replace(` >${PROGRAM_PATH}`, '') });
    expect(unpacked.toString()).toBe(PROGRAM);
  });

  it('leaves room for an agent beside the largest component', () => {
    const { software } = softwareOfLease({ blueprint: 'jvm-services' });
    const free = [...software].map(([tier, each]) => [tier, 40 * 1024 - Buffer.byteLength(bringUpUserData(each))]);
    for (const [tier, bytes] of free) expect(bytes, String(tier)).toBeGreaterThan(8 * 1024);
  });

  it('stays the same when a value changes, which stands in metadata', () => {
    expect(bringUpUserData(echoSoftware({ greeting: 'good day' }))).toBe(bringUpUserData(echoSoftware()));
  });

  it('has nothing that Terraform evaluates', () => {
    expect(bringUpUserData(echoSoftware())).not.toMatch(/[$%]\{/);
    const component = { ...echo, install: { ...echo.install, artefacts: [jar] } } as Component<object>;
    expect(installScript([component])).not.toMatch(/[$%]\{/);
  });

  it('keeps a file whole that has the line that ends it', () => {
    const text = bringUpUserData(withFile('/etc/x', 'a\nEND\nb\n'));
    expect(() => execFileSync('sh', ['-n'], { input: text })).not.toThrow();
  });

  it('fails for a file that Terraform would evaluate', () => {
    expect(() => bringUpUserData(withFile('/etc/x', `a $\{b}`))).toThrow('component echo: /etc/x has ${');
    expect(() => bringUpUserData(withFile('/etc/x', 'a %{b}'))).toThrow('component echo: /etc/x has %{');
  });

  it('fails for a path that is none, and for two components that write the same file', () => {
    expect(() => bringUpUserData(withFile('etc/x', ''))).toThrow('etc/x has no absolute path');
    expect(() => bringUpUserData(withFile('/etc/../x', ''))).toThrow('/etc/../x has no absolute path');
    const { inputs, runs } = echoSoftware();
    expect(() => bringUpUserData({ inputs, runs: [...runs, ...runs] })).toThrow('both write /opt/echo/echo.py');
  });

  it('fails beyond the size that Nova takes, and says what is largest', () => {
    expect(() => bringUpUserData(withFile('/etc/x', 'x'.repeat(40_000)))).toThrow(
      /of 40960 at most; .*\/etc\/x of echo/,
    );
  });
});

describe('the script that installs', () => {
  it('asks the mirrors of the cloud for artefacts', () => {
    const component = { ...echo, install: { packages: [], artefacts: [jar] } } as Component<object>;
    expect(installScript([component])).toContain('maven) url=https://repo1.maven.org/maven2 ;;');
    const own = installScript([component], { maven: 'https://mirror.example.org/maven/' });
    expect(own).toContain('maven) url=https://mirror.example.org/maven ;;');
    expect(own).toContain(`artefact maven g/a/1/a-1.jar ${'ab'.repeat(32)} /opt/a.jar file`);
  });

  it('names each package once, in order, whichever component asks', () => {
    const other = { ...echo, install: { packages: ['jq', 'python3'] } } as Component<object>;
    expect(installScript([echo as Component<object>, other])).toContain('\npackages jq python3\n');
  });
});
