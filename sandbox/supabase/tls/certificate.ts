import { type KeyObject, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { isIPv4 } from 'node:net';
import { bits, integer, octets, oid, sequence, set, tagged, utcTime, utf8, yes } from './der.ts';

/** A certificate and its key, both as PEM. */
export interface Issued {
  readonly certificate: string;
  readonly key: string;
}

interface Asked {
  readonly name: string;
  /** What a server is reached by, DNS names and IPv4 addresses; none for an authority. */
  readonly hosts?: readonly string[];
  /** Who signs; absent = itself. */
  readonly by?: { readonly name: string; readonly key: KeyObject };
}

/** Makes a key on P-256 and an X.509 certificate for it (RFC 5280): of an authority, or a server. */
export function issue({ name, hosts = [], by }: Asked): Issued {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const body = sequence(
    tagged(0, true, integer(Buffer.from([2]))), // version 3
    integer(Buffer.concat([Buffer.from([1]), randomBytes(15)])),
    ecdsaWithSha256,
    distinguished(by?.name ?? name),
    sequence(utcTime('200101000000Z'), utcTime('491231235959Z')),
    distinguished(name),
    publicKey.export({ type: 'spki', format: 'der' }),
    tagged(3, true, sequence(...(by ? ofServer(hosts) : ofAuthority))),
  );
  const signature = sign('sha256', body, by?.key ?? privateKey);
  const whole = sequence(body, ecdsaWithSha256, bits(signature));
  const key = String(privateKey.export({ type: 'pkcs8', format: 'pem' }));
  return { certificate: pem(whole), key };
}

const ecdsaWithSha256 = sequence(oid('1.2.840.10045.4.3.2'));
const commonName = oid('2.5.4.3');

// basicConstraints: an authority; keyUsage: signs certificates.
const ofAuthority = [
  extension('2.5.29.19', sequence(yes), true),
  extension('2.5.29.15', bitString(2, 0x04), true),
];

// basicConstraints: none; keyUsage: digitalSignature; extKeyUsage: serverAuth; subjectAltName.
function ofServer(hosts: readonly string[]): readonly Buffer[] {
  const names = hosts.map((host) =>
    isIPv4(host)
      ? tagged(7, false, Buffer.from(host.split('.').map(Number)))
      : tagged(2, false, Buffer.from(host)),
  );
  return [
    extension('2.5.29.19', sequence(), true),
    extension('2.5.29.15', bitString(7, 0x80), true),
    extension('2.5.29.37', sequence(oid('1.3.6.1.5.5.7.3.1'))),
    extension('2.5.29.17', sequence(...names)),
  ];
}

function extension(id: string, value: Buffer, critical = false): Buffer {
  return sequence(oid(id), ...(critical ? [yes] : []), octets(value));
}

/** Named bits in one byte, of which the last `unused` do not count. */
function bitString(unused: number, byte: number): Buffer {
  return Buffer.from([0x03, 2, unused, byte]);
}

function distinguished(name: string): Buffer {
  return sequence(set(sequence(commonName, utf8(name))));
}

function pem(content: Buffer): string {
  const lines = content.toString('base64').match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}
