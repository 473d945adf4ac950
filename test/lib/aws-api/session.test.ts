import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test, vi } from 'vitest';
import { connect } from '../../../lib/aws-api/session.ts';

test('a page of a login in place of AWS is told as such, and is no wrong account', async () => {
  const server = createServer((request, response) => {
    request.resume().on('end', () => response.end('<html>Please log in</html>'));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  vi.stubEnv('AWS_ENDPOINT_URL', `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIAEXAMPLE');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'example');
  const target = { account: '111122223333', region: 'eu-west-3', role: undefined, environment: 'prod' };
  await expect(connect(target, {}, 'anna')).rejects.toMatchObject({ code: 'aws-answer-unreadable' });
  vi.unstubAllEnvs();
  server.closeAllConnections();
  server.close();
});
