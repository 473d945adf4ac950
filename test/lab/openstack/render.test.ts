import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readPassword, renderClouds } from '../../../lab/openstack/clouds.ts';
import { cellsSql, createSql } from '../../../lab/openstack/databases.ts';
import { cliConfig } from '../../../lab/openstack/provider.ts';
import { databaseUrl, type LabSecrets, newSecrets, render, templateValues } from '../../../lab/openstack/render.ts';

const secrets: LabSecrets = { admin: 'aa', service: 'bb', database: 'cc', rabbit: 'dd' };
const etc = join(import.meta.dirname, '../../../lab/openstack/etc');
const templates = readdirSync(etc, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => join(entry.parentPath, entry.name));

describe('render', () => {
  it('replaces every name', () => {
    expect(
      render(
        'a={{one}} b={{two}}',
        new Map([
          ['one', '1'],
          ['two', '2'],
        ]),
      ),
    ).toBe('a=1 b=2');
  });

  it('fails for a name without a value', () => {
    expect(() => render('{{missing}}', new Map())).toThrow(/missing/);
  });

  it.each(templates)('renders %s completely', (file) => {
    const text = render(readFileSync(file, 'utf8'), templateValues(secrets));
    expect(text).not.toContain('{{');
    expect(text).not.toContain('0.0.0.0');
  });

  it('gives nova-compute no database, which it would refuse', () => {
    const text = render(readFileSync(join(etc, 'nova/nova-cpu.conf'), 'utf8'), templateValues(secrets));
    expect(text).not.toMatch(/^\[(api_)?database\]/m);
    expect(text).toContain('cpu_allocation_ratio = 4.0');
  });
});

describe('secrets', () => {
  it('differ from lab to lab', () => {
    expect(newSecrets().admin).not.toBe(newSecrets().admin);
  });

  it('are read back from the clouds file', () => {
    const password = newSecrets().admin;
    expect(readPassword(renderClouds(password))).toBe(password);
  });

  it('reach databases over a socket', () => {
    expect(databaseUrl('nova', secrets)).toBe(
      'mysql+pymysql://lab:cc@localhost/nova?unix_socket=/run/mysqld/mysqld.sock&charset=utf8',
    );
  });

  it('are written into the cells and the database user', () => {
    expect(createSql(secrets)).toContain("IDENTIFIED BY 'cc'");
    expect(cellsSql(secrets)).toContain("'rabbit://lab:dd@127.0.0.1:5672/'");
  });
});

it('points Terraform at the mirror only', () => {
  const text = cliConfig('/lab/mirror');
  expect(text).toContain('path    = "/lab/mirror"');
  expect(text).not.toContain('direct');
});
