import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FormedLease, type FormedServer, formLease, whyNoForming } from './support/formation.ts';

const reason = whyNoForming();
if (reason !== undefined) process.stderr.write(`Servers are not formed: ${reason}\n`);

const print = (text: string) => process.stdout.write(`${text}\n`);
const BLUEPRINT = `
description: Search, each member with everything, and each with its part
tiers:
  mirrors:
    image: debian-12
    flavor: small
    count: 3
    runs: { sphinx: { memoryMiB: 32, attributes: { found: timestamp, address: string } } }
    volumes: { data: { sizeGiB: 1 } }
  shards:
    image: debian-12
    flavor: small
    count: 2
    runs: { sphinx: { layout: shards, index: pages, fields: [text] } }
    volumes: { data: { sizeGiB: 1 } }
`;

describe.skipIf(reason !== undefined && process.env['CI'] === undefined)('search', () => {
  let lease: FormedLease;

  beforeAll(async () => {
    lease = await formLease({ yaml: BLUEPRINT });
    await lease.healthy();
  });
  afterAll(async () => {
    await lease.stop();
  });

  /** What a member says to SQL, asked from another server of its tier as a client does; undefined where it fails. */
  const sql = async (to: FormedServer, statement: string, from = to) => {
    const command = ['mysql', '-h', to.address, '-P', '9306', '--batch', '--skip-column-names', '-e', statement];
    const { code, stdout } = await from.exec(command);
    return code === 0 ? stdout.trim() : undefined;
  };
  const write = async (to: FormedServer, first: number, last: number) => {
    const rows = Array.from(
      { length: last - first + 1 },
      (_, at) =>
        `(${first + at}, 'page ${first + at}', 'words that are the same', 1700000000, 'http://a/${first + at}')`,
    );
    const into = 'REPLACE INTO documents (id, title, text, found, address) VALUES';
    expect(await sql(to, `${into} ${rows.join(', ')}`)).toBe('');
  };
  const count = async (server: FormedServer, index: string, options = '') =>
    sql(server, `SELECT COUNT(*) FROM ${index} WHERE MATCH('words')${options}`);
  /** Answers of all members that are there, in 40 searches: what failed, and whether any lacked documents. */
  const search = async (servers: readonly FormedServer[], wanted: string, options = '') => {
    let failed = 0;
    for (let number = 0; number < 40; number += 1) {
      const said = await count(
        servers[number % servers.length] ?? lease.server('mirrors', 1),
        'documents_all',
        options,
      );
      if (said === undefined) failed += 1;
      else expect(said).toBe(wanted);
    }
    return failed;
  };

  it('a document that is written to each member is found on any', async () => {
    const mirrors = lease.ofTier('mirrors');
    for (const each of mirrors) await write(each, 1, 200);
    const [one, two] = [lease.server('mirrors', 1), lease.server('mirrors', 2)];
    expect(await sql(one, "SELECT address FROM documents_all WHERE MATCH('@title 77')", two)).toBe('http://a/77');
    expect(await search(mirrors, '200')).toBe(0);
  });

  it('its file is read as it is meant, and a word that it does not know is refused', async () => {
    const server = lease.server('mirrors', 1);
    const file = '/etc/sphinxsearch/sphinx.conf';
    const check = (path: string) => server.exec(['indextool', '--checkconfig', '--config', path]);
    expect(await check(file)).toMatchObject({ code: 0, stdout: expect.stringContaining('config valid') as string });
    const agents = lease.ofTier('mirrors').map(({ address }) => `${address}:9312`);
    expect(await server.must(['cat', file])).toContain(`  agent = ${agents.join('|')}:documents\n`);
    await server.must(['sh', '-c', `sed 's/rt_mem_limit/rt_mem_limits/' ${file} >/tmp/wrong.conf`]);
    expect((await check('/tmp/wrong.conf')).code).not.toBe(0);
  });

  it('answers go on while a member is away, and it comes back with what it had', async () => {
    const [one, two, three] = lease.ofTier('mirrors');
    if (one === undefined || two === undefined || three === undefined) throw new Error('three members');
    await three.kill();
    const first = await search([one, two], '200');
    const later = await search([one, two], '200');
    const again = await search([one, two], '200', ' OPTION retry_count = 3, retry_delay = 10');
    print(
      `A member of three lost: ${first} of the first 40 searches failed, ${later} of the next; ${again} of 40 that try again`,
    );
    expect(again).toBe(0);
    for (const each of [one, two]) await write(each, 201, 250);
    await three.boot();
    await lease.healthy([three]);
    // Killed without a word: its log brought everything back. What came meanwhile it does not have, until it is written again.
    expect(await count(three, 'documents')).toBe('200');
    await write(three, 201, 250);
    await expect.poll(() => count(three, 'documents_all'), { timeout: 300_000 }).toBe('250');
  });

  it('the numbers of metadata are taken in place', async () => {
    const server = lease.server('mirrors', 1);
    await lease.tell({ 'sphinx.memory': '48M' }, [server]);
    await expect
      .poll(async () => server.must(['cat', '/etc/sphinxsearch/sphinx.conf']), { timeout: 300_000, interval: 1000 })
      .toContain('rt_mem_limit = 48M\n');
    await sleep(1000);
    await lease.healthy();
    expect(await count(server, 'documents')).toBe('250');
  });

  it('a backup is a member again, elsewhere', async () => {
    const server = lease.server('mirrors', 1);
    const restore = [
      'mkdir -p /root/kept /var/tmp/restored',
      '/usr/local/lib/tandem/bring-up backup /root/kept',
      `cp "$(dirname "$(find /root/kept -name documents.meta)")"/* /var/tmp/restored/`,
      `sed 's,/var/lib/sphinxsearch,/var/tmp/restored,; s,listen = 9312,listen = 127.0.0.1:19312,; s,listen = 9306,listen = 127.0.0.1:19306,; s,/run/sphinxsearch,/var/tmp/restored,' /etc/sphinxsearch/sphinx.conf >/var/tmp/restored.conf`,
      'searchd --config /var/tmp/restored.conf',
      'sleep 2',
    ];
    await server.must(['sh', '-euc', restore.join('\n')]);
    const asked = "SELECT COUNT(*) FROM documents WHERE MATCH('words')";
    const command = ['mysql', '-h', '127.0.0.1', '-P', '19306', '--batch', '--skip-column-names', '-e', asked];
    expect((await server.must(command)).trim()).toBe('250');
  });

  it('of shards, each has its part and any answers for all; one that is away is missed', async () => {
    const [one, two] = lease.ofTier('shards');
    if (one === undefined || two === undefined) throw new Error('two members');
    expect(await sql(one, "REPLACE INTO pages (id, text) VALUES (1, 'words'), (2, 'words')")).toBe('');
    expect(await sql(two, "REPLACE INTO pages (id, text) VALUES (3, 'words')")).toBe('');
    expect(await count(two, 'pages')).toBe('1');
    for (const each of [one, two]) expect(await count(each, 'pages_all')).toBe('3');
    await two.kill();
    expect(await count(one, 'pages_all')).toBe('2');
    await two.boot();
    await lease.healthy([two]);
    await expect.poll(() => count(one, 'pages_all'), { timeout: 300_000 }).toBe('3');
  });
});
