import { z } from 'zod';
import { isLoopback } from '../loopback.ts';
import { Failure } from '../failure.ts';

const about = {
  kid: z.string().optional(),
  use: z.string().optional(),
  alg: z.string().optional(),
};

/** The kinds of public keys that are used; what else an issuer lists is passed over. */
const Jwk = z.discriminatedUnion('kty', [
  z.object({ ...about, kty: z.literal('RSA'), n: z.string(), e: z.string() }),
  z.object({ ...about, kty: z.literal('EC'), crv: z.string(), x: z.string(), y: z.string() }),
  z.object({ ...about, kty: z.literal('OKP'), crv: z.string(), x: z.string() }),
]);
export type Jwk = z.infer<typeof Jwk>;

const Discovery = z.object({ issuer: z.string(), jwks_uri: z.url() });
const KeySet = z.object({ keys: z.array(z.unknown()) });

const patienceMs = 10_000;

/** The public keys of an OpenID Connect issuer, by its own discovery document; asked anew each time. */
export async function issuerKeys(issuer: string): Promise<readonly Jwk[]> {
  const discovery = `${issuer.replace(/\/+$/, '')}/.well-known/openid-configuration`;
  const said = await fetched(discovery, Discovery);
  if (said.issuer !== issuer)
    throw unreadable(issuer, `${discovery} speaks for ${said.issuer}`, 'undo');
  const { keys } = await fetched(said.jwks_uri, KeySet);
  return keys.flatMap((key) => Jwk.safeParse(key).data ?? []);
}

async function fetched<T>(url: string, shape: z.ZodType<T>): Promise<T> {
  const { protocol, hostname } = new URL(url);
  if (protocol !== 'https:' && !isLoopback(hostname))
    throw unreadable(url, 'keys are fetched by https only', 'undo');
  const signal = AbortSignal.timeout(patienceMs);
  const answer = await fetch(url, { redirect: 'error', signal }).catch((cause: unknown) => {
    throw unreadable(url, `it does not answer (${String(cause)})`, 'retry');
  });
  if (!answer.ok) throw unreadable(url, `it answers ${answer.status}`, 'retry');
  const read = shape.safeParse(await answer.json().catch(() => undefined));
  if (read.success) return read.data;
  throw unreadable(url, 'its answer is not such a document', 'undo');
}

function unreadable(url: string, why: string, kind: 'retry' | 'undo'): Failure {
  return new Failure({
    code: 'ISSUER_UNREADABLE',
    what: `The keys of the issuer at ${url} cannot be fetched`,
    why,
    fix: 'Check `issuer` under `people`, and that the worker can reach it.',
    class: kind,
  });
}
