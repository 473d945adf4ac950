import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Outcome, openLoop } from './load/open-loop.ts';
import { type FormedLease, type FormedServer, formLease, whyNoForming } from './support/formation.ts';

const reason = whyNoForming();
if (reason !== undefined) process.stderr.write(`Servers are not formed: ${reason}\n`);

const MEMBER = 'targetPort: 8080, check: /alive';
const ORDERS = `{ path: /orders/, methods: [PUT, POST], to: { tier: orders }, ${MEMBER} }`;
const PAGES = `{ port: 8000, to: { tier: web }, ${MEMBER}, routes: [${ORDERS}] }`;
const say = (text: string) => process.stdout.write(`${text}\n`);

const BLUEPRINT = `
description: Proxies in front of members
tiers:
  balancer:
    image: debian-12
    flavor: small
    runs:
      haproxy:
        clients: [environment]
        checkMilliseconds: 500
        services: { pages: ${PAGES} }
  front:
    image: debian-12
    flavor: small
    runs: { nginx: { clients: [environment], services: { pages: ${PAGES} } } }
  # What these servers answer with is the test's; a component makes them servers of the lease.
  web: { image: debian-12, flavor: small, count: 3, runs: [memcached] }
  orders: { image: debian-12, flavor: small, runs: [memcached] }
`;

/** Says who answered. */
const PROGRAM = `
import http.server, socket, socketserver
class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def answer(self):
        self.rfile.read(int(self.headers.get("content-length", 0)))
        text = socket.gethostname().encode()
        self.send_response(200)
        self.send_header("content-length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)
    do_GET = do_PUT = do_POST = answer
    def log_message(self, *args): pass
class Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
    daemon_threads = True
    request_queue_size = 256
Server(("", 8080), Handler).serve_forever()
`;
const UNIT = `[Service]
ExecStart=/usr/bin/python3 /usr/local/lib/member.py
Restart=always
[Install]
WantedBy=multi-user.target
`;
const START = `cat > /usr/local/lib/member.py
printf '%s' "$UNIT" > /etc/systemd/system/member.service
systemctl daemon-reload && systemctl enable --now member.service`;

describe.skipIf(reason !== undefined && process.env['CI'] === undefined)('proxies', () => {
  let lease: FormedLease;

  beforeAll(async () => {
    lease = await formLease({ yaml: BLUEPRINT });
    const members = [...lease.ofTier('web'), ...lease.ofTier('orders')];
    for (const server of members) await server.must(['sh', '-euc', START], { input: PROGRAM, environment: { UNIT } });
    await lease.healthy();
  });
  afterAll(async () => {
    await lease.stop();
  });

  const ask = async (proxy: FormedServer, path: string, method = 'GET') => {
    const answer = await fetch(`http://${proxy.address}:8000${path}`, { method });
    return { status: answer.status, by: (await answer.text()).trim() };
  };
  /** The servers that answer, in 60 requests. */
  const answering = async (proxy: FormedServer) => {
    const by = new Set<string>();
    for (let number = 0; number < 60; number += 1) by.add((await ask(proxy, '/')).by);
    return [...by].sort();
  };
  const load = async (proxy: FormedServer, seconds: number) =>
    openLoop({
      host: proxy.address,
      port: 8000,
      rate: () => 50,
      seconds,
      connections: 16,
      request: (index) => ({ method: 'GET', path: `/${index}` }),
    });
  const failed = ({ statuses }: Outcome) => [...statuses].filter((status) => status !== 200);
  const names = (tier: string) => lease.ofTier(tier).map(({ name }) => name);

  describe.each([
    [
      'haproxy',
      'balancer',
      ['sh', '-c', 'cd / && haproxy -c -f "$0"'],
      '/etc/haproxy/haproxy.cfg',
      'timeout conect 1s',
    ],
    ['nginx', 'front', ['sh', '-c', 'nginx -t -c "$0"'], '/etc/nginx/nginx.conf', 'events { worker_conections 1; }'],
  ] as const)('%s', (program, tier, check, file, wrong) => {
    const proxy = () => lease.server(tier, 1);

    it('accepts its file, and refuses a wrong word in it', async () => {
      await proxy().must([...check, file]);
      await proxy().must(['sh', '-c', `(cat ${file}; echo '${wrong}') > /tmp/wrong.conf`]);
      const refused = await proxy().exec([...check, '/tmp/wrong.conf']);
      expect(refused.code).not.toBe(0);
      expect(refused.stdout + refused.stderr).toMatch(/conect|"events" directive is duplicate/);
    });

    it('sends requests to all members, and routes by path and method', async () => {
      expect(await answering(proxy())).toEqual(names('web'));
      expect(await ask(proxy(), '/orders/7', 'PUT')).toEqual({ status: 200, by: names('orders')[0] });
      expect((await ask(proxy(), '/orders/7')).by).not.toBe(names('orders')[0]);
    });

    it('fails no request when a member is lost, and takes it back', async () => {
      const member = lease.server('web', 2);
      const running = load(proxy(), 12);
      await new Promise((done) => setTimeout(done, 3000));
      await member.kill();
      const outcome = await running;
      expect(outcome.answered).toBe(600);
      const slowest = Math.max(...outcome.latencies);
      say(
        `${program}: a member lost, ${failed(outcome).length} of 600 failed, the slowest took ${Math.round(slowest)} ms`,
      );
      expect(failed(outcome)).toEqual([]);
      expect(await answering(proxy())).toEqual([names('web')[0], names('web')[2]]);
      await member.boot();
      await expect.poll(async () => answering(proxy()), { timeout: 300_000, interval: 1000 }).toEqual(names('web'));
    });

    it('fails no request while its settings change in place', async () => {
      const before = await proxy().must(['systemctl', 'show', '--property=MainPID', `${program}.service`]);
      const running = load(proxy(), 20);
      await lease.tell({ [`${program}.server-timeout`]: '7s' }, [proxy()]);
      const outcome = await running;
      expect(failed(outcome)).toEqual([]);
      expect(await proxy().must(['cat', file])).toMatch(/timeout server 7s|proxy_read_timeout 7s/);
      expect(await proxy().must(['systemctl', 'show', '--property=MainPID', `${program}.service`])).toBe(before);
    });

    it('is not well while it does not run', async () => {
      const health = async () => (await proxy().exec(['/usr/local/lib/tandem/bring-up', 'health'])).code;
      expect(await health()).toBe(0);
      // On the minute, the timer would start it again.
      await proxy().must(['systemctl', 'stop', 'tandem-bring-up.timer', `${program}.service`]);
      expect(await health()).not.toBe(0);
      await proxy().must(['systemctl', 'start', 'tandem-bring-up.timer', `${program}.service`]);
      await lease.healthy([proxy()]);
    });

    it('ends what is under way before it stops', async () => {
      const running = load(proxy(), 4);
      await running;
      await proxy().must(['/usr/local/lib/tandem/bring-up', 'drain']);
      await expect(ask(proxy(), '/')).rejects.toThrow();
      await proxy().must(['systemctl', 'restart', `${program}.service`]);
      await lease.healthy([proxy()]);
      expect((await ask(proxy(), '/')).status).toBe(200);
    });
  });
});
