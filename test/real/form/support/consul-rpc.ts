import { z } from 'zod';
import type { FormedServer } from '../../../../lab/servers/server.ts';

/** A client of Consul's RPC, up to the end of the handshake: what the server shows, and whether it goes on listening. */
const CLIENT = `
import json, socket, ssl, sys
address, name, own = sys.argv[1:]
context = ssl.create_default_context(cafile="/etc/consul.d/authority.pem")
if own == "own":
    context.load_cert_chain("/etc/consul.d/certificate.pem", "/etc/consul.d/key.pem")
plain = socket.create_connection((address, 8300), timeout=5)
# Consul's word for TLS, before it.
plain.sendall(bytes([3]))
try:
    tls = context.wrap_socket(plain, server_hostname=name)
    shown = tls.getpeercert()
    said = {"serial": shown["serialNumber"], "version": tls.version()}
except ssl.SSLError as error:
    print(json.dumps({"refused": error.reason}))
    sys.exit()
try:
    tls.settimeout(1)
    tls.recv(1)
    said["refused"] = "closed"
except TimeoutError:
    pass
except (ssl.SSLError, ConnectionError) as error:
    said["refused"] = getattr(error, "reason", str(error))
print(json.dumps(said))
`;

const answer = z.object({
  serial: z.string().optional(),
  version: z.string().optional(),
  refused: z.string().optional(),
});

export interface RpcClient {
  readonly from: FormedServer;
  readonly to: FormedServer;
  /** That the other one must have in its certificate. */
  readonly name: string;
  /** Whether it shows the certificate of the server that it asks from. */
  readonly withOwn: boolean;
}

/** What a server of Consul says to whoever asks its RPC. */
export async function askRpc({ from, to, name, withOwn }: RpcClient): Promise<z.output<typeof answer>> {
  const said = await from.must(['python3', '-', to.address, name, withOwn ? 'own' : 'none'], { input: CLIENT });
  return answer.parse(JSON.parse(said));
}
