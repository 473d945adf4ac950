/** Ansible itself reads hostile text of the configuration as text. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { renderTree } from '../../../lib/private-cloud/kolla/render.ts';
import { filledWith } from '../../properties/filled.ts';
import { HOSTILE_TEXTS } from '../../properties/payloads.ts';
import { kollaAnsible } from './kolla.ts';

describe('the tree of a cloud', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tandem-text-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each(Object.entries(HOSTILE_TEXTS))('is text where the configuration holds %s', (_name, text) => {
    const cloud = filledWith(text).clouds.get('paris')?.value;
    if (cloud === undefined) throw new Error('no cloud');
    // What is meant as an expression is evaluated, and here meant to fail: it is not asked for.
    for (const [path, content] of Object.entries(renderTree('paris', cloud).files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), content);
    }
    const play = [
      {
        ...{ hosts: 'localhost', connection: 'local', gather_facts: false },
        tasks: [
          { 'ansible.builtin.template': { src: `${folder}/motd.j2`, dest: `${folder}/motd` } },
          {
            'ansible.builtin.copy': { content: '{{ later }}', dest: `${folder}/later` },
            vars: { later: '{{ motd }}' },
          },
        ],
      },
    ];
    writeFileSync(join(folder, 'play.yml'), JSON.stringify(play));
    writeFileSync(join(folder, 'motd.j2'), '{{ motd }}|{{ openstack_region_name }}');
    execFileSync(
      join(kollaAnsible(), 'bin/ansible-playbook'),
      ['--extra-vars', `@${folder}/globals.yml`, '--inventory', `${folder}/inventory/multinode`, `${folder}/play.yml`],
      { env: { ...process.env, ANSIBLE_NOCOLOR: '1' }, stdio: 'pipe' },
    );
    expect(readFileSync(join(folder, 'motd'), 'utf8')).toBe(`${text}|RegionOne`);
    expect(readFileSync(join(folder, 'later'), 'utf8')).toBe(text);
  });
});
