import type { TierSoftware } from '../bring-up/tier-software.ts';
import { secretsOf } from '../components/boot-secrets.ts';

/** Ruby: made on the laptop at the first use, and kept beside Vagrant's own files: they are in no file that is shared. */
export function madeSecrets(all: readonly TierSoftware[]): string {
  const wanted = new Map(
    all.flatMap((software) => secretsIn(software).map(({ of, name, kind }) => [`${of}/${name}`, kind])),
  );
  const make = {
    password: 'SecureRandom.alphanumeric(32)',
    key32: 'SecureRandom.base64(32)',
    certificate: 'certificate("authority", [], nil)',
  };
  const lines = [...wanted].map(([path, kind]) => `  "${path}" => ${make[kind]},\n`);
  return `${[...wanted.values()].includes('certificate') ? CERTIFICATES : ''}SECRETS_FILE = File.join(__dir__, ".vagrant", "tandem-secrets.json")
made = {
${lines.join('')}}
known = File.exist?(SECRETS_FILE) ? JSON.parse(File.read(SECRETS_FILE)) : {}
SECRETS = made.merge(known)
if SECRETS != known
  FileUtils.mkdir_p(File.dirname(SECRETS_FILE))
  File.write(SECRETS_FILE, JSON.generate(SECRETS), perm: 0o600)
end
`;
}

/** Ruby: those of its own components alone, by the paths of their files. A certificate is made for each server anew, by the one authority. */
export function ownSecrets(software: TierSoftware): string {
  const entries = secretsIn(software).map(({ component, of, name, kind, names = [] }) => {
    const shared = `SECRETS["${of}/${name}"]`;
    if (kind !== 'certificate') return `"${component}/${name}" => ${shared}`;
    return `**parts("${component}/${name}", ${shared}, ${JSON.stringify(names)})`;
  });
  return `{ ${entries.join(', ')} }`;
}

function secretsIn(software: TierSoftware) {
  return Object.entries(secretsOf(software)).flatMap(([component, secrets]) =>
    Object.entries(secrets).map(([name, secret]) => ({ component, name, ...secret })),
  );
}

/** By Ruby, which Vagrant brings: no key of a laptop stands in a file that is shared. */
const CERTIFICATES = `require "openssl"

def certificate(subject, names, signer)
  key = OpenSSL::PKey::EC.generate("prime256v1")
  made = OpenSSL::X509::Certificate.new
  issuer, signing = signer || [made, key]
  made.version = 2
  made.serial = SecureRandom.random_number(1 << 120) + 1
  made.subject = OpenSSL::X509::Name.new([["CN", subject]])
  made.issuer = issuer.subject
  made.public_key = key
  made.not_before = Time.now - 300
  made.not_after = Time.now + 3650 * 86400
  factory = OpenSSL::X509::ExtensionFactory.new(issuer, made)
  made.add_extension(factory.create_extension("basicConstraints", signer ? "CA:FALSE" : "CA:TRUE", true))
  made.add_extension(factory.create_extension("keyUsage", signer ? "digitalSignature" : "keyCertSign,cRLSign", true))
  made.add_extension(factory.create_extension("subjectKeyIdentifier", "hash"))
  made.add_extension(factory.create_extension("authorityKeyIdentifier", "keyid:always")) if signer
  made.add_extension(factory.create_extension("subjectAltName", names.map { |name| "DNS:#{name}" }.join(","))) if signer
  made.sign(signing, OpenSSL::Digest.new("SHA256"))
  made.to_pem + key.to_pem
end

def parts(path, authority, names)
  issuer = OpenSSL::X509::Certificate.new(authority)
  own = certificate(names[0], names, [issuer, OpenSSL::PKey.read(authority)])
  made = OpenSSL::X509::Certificate.new(own)
  { path + ".authority" => issuer.to_pem, path + ".certificate" => made.to_pem, path + ".key" => OpenSSL::PKey.read(own).to_pem }
end

`;
