import { _InstanceType } from '@aws-sdk/client-ec2';
import { InstanceClass } from 'aws-cdk-lib/aws-ec2';
import { RegionInfo } from 'aws-cdk-lib/region-info';
import { describe, expect, it } from 'vitest';
import { architectureOf } from '../../../lib/aws-model/ec2/type-names.ts';
import { AWS_REGIONS } from '../../../lib/config/aws-names.ts';
import { cronProblem } from '../../../lib/config/cron.ts';
import { isInstanceType, nearestInstanceType } from '../../../lib/config/instance-types.ts';
import { email } from '../../../lib/config/schema/common.ts';
import { isSecretCalled, isSecretFlag, secretIn } from '../../../lib/config/secret-in-text.ts';
import { TIME_ZONES } from '../../../lib/config/time-zones.ts';

describe('the names that AWS gives', () => {
  it('are Regions of the pinned library', () => {
    expect([...AWS_REGIONS].sort()).toEqual(RegionInfo.regions.map(({ name }) => name).sort());
  });

  const ofSdk = Object.values(_InstanceType).filter((type) => !type.startsWith('mac'));

  it('are the instance types of the pinned SDK, but for Macs', () => {
    expect(ofSdk.filter((type) => !isInstanceType(type))).toEqual([]);
  });

  it('are at least the families of the pinned library that a fleet can have', () => {
    // Its other values are names of its own for the same families, and three that were announced and are not in the API.
    const families = Object.values<string>(InstanceClass).filter((each) => /^(?:[a-z]{1,4}\d|u-|u7i)/.test(each));
    const wanted = families.filter((each) => !/^(?:arm|io\d|mac|fpga)/.test(each) && each !== 'x2g');
    const known = new Set(ofSdk.filter(isInstanceType).map((type) => type.split('.')[0]));
    expect(wanted.filter((each) => !known.has(each))).toEqual([]);
    expect(known.size).toBeGreaterThanOrEqual(200);
  });

  it.each([
    ['c7g.xlarge', true],
    ['u7in-32tb.224xlarge', true],
    ['m7i-flex.large', true],
    ['c8g.metal-48xl', true],
    ...['c7g.224xlarge', 'a1.48xlarge', 't2.metal-48xl', 'C7g.xlarge', 'c7g', 'c7g.', '.xlarge', 'c7g.xlarge.x'].map(
      (type) => [type, false] as const,
    ),
    ...['mac2.metal', 'constructor.name', `c7g.${'x'.repeat(100)}`].map((type) => [type, false] as const),
  ] as const)('know whether there is a %s', (type, is) => {
    expect(isInstanceType(type)).toBe(is);
  });

  it.each(['c7g.none', 'c99g.large', 'C7G.XLARGE', 'mac2.metal', '', 'x'.repeat(1000), 'p5.nano'])(
    'are advised instead of %s',
    (type) => {
      expect(isInstanceType(nearestInstanceType(type))).toBe(true);
    },
  );

  it.each(['a1.large', 'c7g.large', 'im4gn.large', 'g5g.xlarge', 'p6e-gb200.36xlarge'])(
    'say that %s is arm64',
    (type) => {
      expect(architectureOf(type)).toBe('arm64');
    },
  );

  it.each(['g5.xlarge', 'g4dn.xlarge', 'gr6.4xlarge', 'c7i.large', 'hpc7a.12xlarge', 'u-6tb1.metal'])(
    'say that %s is x86_64',
    (type) => {
      expect(architectureOf(type)).toBe('x86_64');
    },
  );
});

describe('a time zone', () => {
  it('may be each that this Node knows, and names that link to one', () => {
    expect(Intl.supportedValuesOf('timeZone').filter((zone) => !TIME_ZONES.has(zone))).toEqual([]);
    for (const zone of ['Asia/Kolkata', 'Europe/Kyiv', 'US/Pacific', 'UTC'])
      expect(TIME_ZONES.has(zone), zone).toBe(true);
    for (const zone of ['Europe/Parys', 'europe/paris', '+01:00', '']) expect(TIME_ZONES.has(zone), zone).toBe(false);
  });
});

describe('an e-mail address', () => {
  it.each(["o'brien@example.org", 'a+b@x.example.org', '"a b"@example.org', 'a@xn--bcher-kva.xn--p1ai'])(
    'may be %s',
    (text) => {
      expect(email.safeParse(text).success).toBe(true);
    },
  );

  it.each([
    ...['aaaa', 'a@@x.org', 'a@x..org', '.a@x.org', 'a..b@x.org', 'a@-x.org', 'a@x.org.', 'a@10.0.0.1', 'A <a@x.org>'],
    ...[`${'a'.repeat(65)}@x.org`, `a@${'x'.repeat(64)}.org`, 'a@x.org\n', '$' + '{x}@x.org'],
  ])('fails for %j', (text) => {
    expect(email.safeParse(text).success).toBe(false);
  });
});

describe('a cron expression', () => {
  it.each([
    '0 6 * * 1-5',
    '*/15 0-6,22 1 jan-mar mon,SUN',
    '59 23 31 12 7',
    '0-30/10 * * * *',
    '0 0 29 2 *',
    '0 0 31 2 1',
  ])('may be %s', (text) => {
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
      '5/10 * * * *',
      '0 6 * * 1-5#',
      '0 0 30 2 *',
      '0 0 31 4,jun *',
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
    'https://ghp-token@github.example.org/x',
    'https://h/x?sv=1&sig=abc%3D',
    'PASSWORD=x run',
    'run --password x',
    'DB_PASS=hunter2 run',
    'run --pass=hunter2',
    'run /password:hunter2',
    'mysql -u root -psecret db',
    "mysql -u root -p'secret' db",
    "run -p'x'",
    'cd /x && mysqldump -phunter2 > y',
    'sshpass -p hunter2 ssh h',
    'docker login -u bob -p hunter2 registry',
    'echo hunter2 | docker login -u bob --password-stdin',
    "echo 'root:hunter2' | chpasswd",
    'curl --user=bob:hunter2 https://h',
    "curl -H 'X-Api-Key: abc' https://h",
    "curl -H 'PRIVATE-TOKEN: abc' https://h",
    'Authorization: Token abc',
    'openssl rsa -passin pass:hunter2',
    'redis-cli -a hunter2',
    'password = "hunter2"',
    'db_password = hunter2',
    'plain_text_passwd: hunter2',
    'chpasswd:\n  expire: false\n  list: |\n    root:hunter2\n',
    'DefaultEndpointsProtocol=https;AccountKey=abc==;',
    'Server=db;User=u;Password=hunter2;',
    '-----BEGIN PGP PRIVATE KEY BLOCK-----',
    '--password=/hunter2',
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
    'git clone https://git@$HOST/x',
    'run --compass=north --bypass=yes --token-bucket=5 --signature=v4',
    'mysql -u root -p db',
    'mysql --defaults-file=/etc/my.cnf -P 3306',
    'mkdir -p /data/x && cp -p a b && ssh -p 22 h',
    'docker run -p 8080:80 --user www-data:www-data x',
    'echo hello | tee /x',
    'echo "$PASSWORD" | docker login -u bob --password-stdin',
    'printf %s "$(cat /run/x)" | sudo -S id',
    'password = args.password',
    'token = response.json()["token"]',
    'Authorization: see the wiki',
    '--password=<password> --token=*** --secret=none',
    'chpasswd:\n  list: |\n    root:$6$rounds=4096$abc\n',
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
