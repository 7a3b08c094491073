// The public service of the container test: says what it sees, and asks the service behind it.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';

const { env } = process;

const ready = () => ({
  revision: env.K_REVISION,
  secrets: readdirSync('/secrets').filter((name) => readFileSync(`/secrets/${name}/value`, 'utf8')),
});

/** What a container must see of its machine: nothing. */
const seen = () => ({
  greeting: env.GREETING,
  port: env.PORT,
  user: process.getuid(),
  processes: readdirSync('/proc').filter((name) => /^\d+$/.test(name)).length,
  foreign: Object.keys(env).filter((name) => /^(WINDLASS|CONTAINERS|npm_)/.test(name)),
  root: existsSync('/work') || existsSync('/var/lib/dpkg/info/buildah.list'),
});

async function behind() {
  const audience = encodeURIComponent(env.JOURNAL_URL);
  const place = `http://${env.GCE_METADATA_HOST}/computeMetadata/v1/instance/service-accounts/default/identity`;
  const asked = await fetch(`${place}?audience=${audience}`, {
    headers: { 'metadata-flavor': 'Google' },
  });
  const authorization = `Bearer ${await asked.text()}`;
  const answer = await fetch(`${env.JOURNAL_URL}/readyz`, { headers: { authorization } });
  return { status: answer.status, body: await answer.json() };
}

const answers = { '/readyz': ready, '/seen': seen, '/behind': behind };

createServer(async (request, response) => {
  try {
    const body = await (answers[request.url] ?? (() => ({ status: 'ok' })))();
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  } catch (error) {
    response.writeHead(503).end(JSON.stringify({ problem: String(error) }));
  }
}).listen(Number(env.PORT), '0.0.0.0');

process.on('SIGTERM', () => process.exit(0));
