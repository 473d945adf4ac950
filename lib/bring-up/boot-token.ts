import { METADATA_VALUE } from '../openstack/user-data.ts';
import { bootTokenTooLong } from './errors.ts';

/**
 * How a server gets the secrets of its components: the metadata key `boot-token`, set by Tandem beside Terraform, has one line.
 *
 * - `wrapped URL TOKEN UNTIL`: Vault or OpenBao at URL, without a slash at its end, answers once for this token of response wrapping.
 * - `barbican KEYSTONE-URL REGION ID SECRET SECRET-ID UNTIL`: an application credential that may read and delete one secret of Barbican and
 *   nothing else; the server deletes it when it has read it, so that nobody reads it again.
 * - `taken DIGEST`, `taken DIGEST END`: the server had its secrets; the digest says which, by their names and by what their certificates are,
 *   END when the first of those ends, in seconds since 1970. What was never offered has no such key.
 *
 * UNTIL is when it ends, in seconds since 1970. Both services answer with a JSON object: values by secret, by component, e.g. `{"consul": {"gossip-key": "…"}}`.
 */
export const BOOT_TOKEN = 'boot-token';

/** Values of secrets, by component and by name. */
export type BootValues = Readonly<Record<string, Readonly<Record<string, string>>>>;

export type BootToken =
  | { readonly kind: 'wrapped'; readonly url: string; readonly token: string; readonly until: number }
  | {
      readonly kind: 'barbican';
      readonly authUrl: string;
      readonly region: string;
      readonly id: string;
      readonly secret: string;
      /** Of the secret that it may read. */
      readonly secretId: string;
      readonly until: number;
    }
  | { readonly kind: 'taken'; readonly digest: string; readonly until?: number };

/** The line of a token. @throws TandemError `boot-token-too-long` */
export function writeBootToken(token: BootToken): string {
  const line = Object.values(token).join(' ');
  if (line.length > METADATA_VALUE) throw bootTokenTooLong(token.kind, line.length, METADATA_VALUE);
  return line;
}

/** What a line says; undefined where it is none of them. */
export function readBootToken(line: string): BootToken | undefined {
  const [kind, ...words] = line.split(' ');
  const [first = '', second = '', id = '', secret = '', secretId = ''] = words;
  const until = Number(words.at(-1));
  if (kind === 'wrapped' && words.length === 3 && until > 0) return { kind, url: first, token: second, until };
  if (kind === 'barbican' && words.length === 6 && until > 0)
    return { kind, authUrl: first, region: second, id, secret, secretId, until };
  if (kind === 'taken' && words.length === 1) return { kind, digest: first };
  if (kind === 'taken' && words.length === 2 && until > 0) return { kind, digest: first, until };
  return undefined;
}

/** When the first certificate ends of a server that has its secrets, as an instant; undefined where it has none. */
export function certificatesUntil(line: string): string | undefined {
  const token = readBootToken(line);
  return token?.kind === 'taken' && token.until !== undefined ? new Date(token.until * 1000).toISOString() : undefined;
}

/**
 * Python 3, only its standard library, as a part of the program on the server: `take_secrets(line)` gives the values by component, or
 * None where the line has no token. It raises `TokenRefused` where the service refuses the token for good: it was used, by whomever, or
 * has ended, and only another one helps; anything else that it raises may pass. The caller must keep the values, readable by root alone,
 * before it does anything else: nobody answers a second time. Nothing that it raises holds a secret.
 */
export const TAKE_SECRETS = `
class TokenRefused(Exception):
    pass


def ask_service(method, url, headers, body=None):
    trust = ssl.create_default_context()
    # Of clouds whose services have certificates of their own; the image has it.
    if os.path.exists("/etc/tandem/ca.pem"):
        trust.load_verify_locations("/etc/tandem/ca.pem")
    data = None if body is None else json.dumps(body).encode()
    kind = {} if body is None else {"Content-Type": "application/json"}
    request = urllib.request.Request(url, data=data, method=method, headers=dict(headers, **kind))
    # Past any proxy: what is asked for is in the cloud, and no proxy's business.
    handlers = [urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=trust)]
    try:
        with urllib.request.build_opener(*handlers).open(request, timeout=20) as answer:
            return answer.headers, answer.read()
    except urllib.error.HTTPError as error:
        where = urllib.parse.urlsplit(url)
        told = "%s %s://%s%s answered %d" % (method, where.scheme, where.netloc, where.path, error.code)
        if error.code in (400, 401, 403, 404, 410):
            raise TokenRefused(told) from None
        raise OSError(told) from None


def from_vault(url, token):
    said = ask_service("POST", url + "/v1/sys/wrapping/unwrap", {"X-Vault-Token": token})[1]
    return json.loads(said)["data"]


def from_barbican(auth_url, region, own_id, secret, secret_id):
    identity = {"methods": ["application_credential"], "application_credential": {"id": own_id, "secret": secret}}
    headers, said = ask_service("POST", auth_url + "/auth/tokens", {}, {"auth": {"identity": identity}})
    token = {"X-Auth-Token": headers["X-Subject-Token"]}
    catalog = json.loads(said)["token"]["catalog"]
    urls = [
        endpoint["url"]
        for service in catalog if service["type"] == "key-manager"
        for endpoint in service["endpoints"]
        if endpoint["interface"] == "public" and endpoint["region"] == region
    ]
    if not urls:
        raise TokenRefused("the cloud has no key manager in Region %s" % region)
    base = urls[0].rstrip("/")
    if not base.endswith("/v1"):
        base += "/v1"
    path = base + "/secrets/" + secret_id
    payload = ask_service("GET", path + "/payload", dict(token, Accept="application/octet-stream"))[1]
    values = json.loads(payload)
    # What was read is believed only once nobody else can read it.
    ask_service("DELETE", path, token)
    return values


def is_token(line):
    kind, *words = line.split(" ")
    return (kind, len(words)) in (("wrapped", 3), ("barbican", 6))


def take_secrets(line):
    kind, *words = line.split(" ")
    if not is_token(line):
        return None
    return from_vault(*words[:2]) if kind == "wrapped" else from_barbican(*words[:5])
`;
