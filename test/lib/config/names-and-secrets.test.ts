import { InstanceClass, InstanceSize } from 'aws-cdk-lib/aws-ec2';
import { RegionInfo } from 'aws-cdk-lib/region-info';
import { describe, expect, it } from 'vitest';
import { AWS_REGIONS, INSTANCE_FAMILIES, INSTANCE_SIZES } from '../../../lib/config/aws-names.ts';
import { cronProblem } from '../../../lib/config/cron.ts';
import { isSecretCalled, isSecretFlag, secretIn } from '../../../lib/config/secret-in-text.ts';

describe('the names that AWS gives', () => {
  it('are those of the pinned library', () => {
    expect([...AWS_REGIONS].sort()).toEqual(RegionInfo.regions.map(({ name }) => name).sort());
    // Its other values are names of its own for the same families.
    const families = Object.values(InstanceClass).filter((each) => /^(?:[a-z]{1,4}\d|u-|u7i)/.test(each));
    expect([...INSTANCE_FAMILIES].sort()).toEqual(
      [...new Set<string>(families.filter((each) => !/^(?:arm|io\d)/.test(each)))].sort(),
    );
    expect([...INSTANCE_SIZES]).toEqual(Object.values(InstanceSize));
  });
});

describe('a cron expression', () => {
  it.each(['0 6 * * 1-5', '*/15 0-6,22 1 jan-mar mon,SUN', '59 23 31 12 7', '0-30/10 * * * *'])('may be %s', (text) => {
    expect(cronProblem(text)).toBeUndefined();
  });

  it.each([
    ...[
      '99 99 * * *',
      '0 24 * * *',
      '0 0 0 * *',
      '0 0 * 13 *',
      '0 0 * * 8',
      '0 0 * * funday',
      '5-1 * * * *',
      '*/0 * * * *',
    ],
    ...[
      '* * * *',
      '* * * * * *',
      '*  * * * *',
      '1,,2 * * * *',
      '- * * * *',
      '1-2-3 * * * *',
      '@daily',
      '',
      '$(id) * * * *',
    ],
  ])('fails for %j', (text) => {
    expect(cronProblem(text)).toEqual(expect.any(String));
  });
});

describe('a secret in a text', () => {
  it.each([
    'https://bob:hunter2@images.example.org/x',
    'postgres://tandem:p%40ss@db/state',
    'x git+https://u:p@h y',
    '--password=hunter2',
    'run --db-password "hunter2" --all',
    'PGPASSWORD=hunter2 psql',
    'AWS_SECRET_ACCESS_KEY=abcdefgh',
    'https://h/x?sv=1&access_token=abc',
    '{"password": "hunter2"}',
    'chpasswd:\n  password: hunter2\n',
    'curl -u bob:hunter2 https://h',
    '-----BEGIN OPENSSH PRIVATE KEY-----',
    'AKIAIOSFODNN7EXAMPLE',
    `ghp_${'a'.repeat(36)}`,
    'Authorization: Bearer abcdefghijkl',
  ])('is found: %s', (text) => {
    expect(secretIn(text)).toEqual(expect.any(String));
  });

  it.each([
    'https://images.example.org/x?version=3',
    'ssh://git@example.org/x',
    'https://$USER:$PASSWORD@host/',
    '--password-file=/run/secrets/db',
    '--password=$PASSWORD',
    '--token @/run/token',
    '--secret-name=worker',
    '--max-tokens=500',
    'password=secret:database',
    'PASSWORD="$(openssl rand -hex 16)"',
    'docker run --user 1000:1000 x',
    'Holds the password policy: see the wiki',
    'passwd: $6$rounds=4096$abc',
    'token = get_token()',
    'tls: {certificates: {internal: {names: [a]}}}',
    'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI alice@example.org',
  ])('is not taken from %s', (text) => {
    expect(secretIn(text)).toBeUndefined();
  });

  it('is known by its name', () => {
    expect(isSecretCalled('dbPassword', 'hunter2')).toBe(true);
    expect(isSecretCalled('dbPassword', 'secret:database')).toBe(false);
    expect(isSecretCalled('passwordPolicy', 'strict')).toBe(false);
    expect(isSecretFlag('--api-key', 'abc')).toBe(true);
    expect(isSecretFlag('--api-key', '--verbose')).toBe(false);
    expect(isSecretFlag('api-key', 'abc')).toBe(false);
  });
});
