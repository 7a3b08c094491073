import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseDocument } from 'yaml';
import { z } from 'zod';
import { callGoogle } from '../../src/gcp/call.ts';
import type { Rig } from '../end-to-end/rig.ts';
import type { Canary } from './kinds.ts';

/** What the leaky service does with its secrets. */
export type Leak = 'answers' | 'crashes' | 'migrates' | 'commands';

/**
 * Plants canaries as a user would: external secrets of `meals` with their values in Secret Manager,
 * and a webhook. The service, its migration or a smoke check then tells them to whoever listens.
 */
export async function plant(rig: Rig, all: readonly Canary[], hook: string): Promise<void> {
  const external = all.filter(({ by }) => by === 'external');
  const file = join(rig.root, 'windlass.yaml');
  const yaml = parseDocument(await readFile(file, 'utf8'));
  for (const { name } of external) yaml.setIn(['services', 'meals', 'secrets', name], 'external');
  yaml.setIn(['notify'], { webhookFile: '.windlass/webhook', form: 'json' });
  await writeFile(file, String(yaml));
  const [webhook] = all.filter(({ by }) => by === 'webhook');
  await writeFile(join(rig.home, 'webhook'), `${hook}?${webhook?.value}\n`, { mode: 0o600 });
  for (const one of external) await setValue(rig, one);
}

/** Makes the next deploy fail in one place, with all that it knows on its lips. */
export async function makeLeak(rig: Rig, leak: Leak): Promise<void> {
  const service = join(rig.root, 'examples', 'wellness', 'meals');
  if (leak === 'answers' || leak === 'crashes')
    await rig.edit('examples/wellness/meals/main.py', 'app = create_app', code[leak]);
  if (leak === 'migrates')
    await writeFile(join(service, 'migrations', 'versions', '0004_leak.py'), revision);
  const checks = {
    answers: { name: 'leak', service: 'meals', path: '/leak' },
    commands: { name: 'leak', command: ['node', 'leak.mjs'], in: 'leak' },
  };
  if (leak !== 'answers' && leak !== 'commands') return;
  const file = join(rig.root, 'windlass.yaml');
  const yaml = parseDocument(await readFile(file, 'utf8'));
  yaml.setIn(['smoke'], [checks[leak]]);
  await writeFile(file, String(yaml));
  await mkdir(join(rig.root, 'leak'), { recursive: true });
  await writeFile(join(rig.root, 'leak', 'leak.mjs'), command);
}

const told = `import base64 as _b, json as _j, os as _o
from wellness import secrets_folder as _folder
def _tell():
    found = {one.parent.name: one.read_text() for one in _folder().glob("*/value")}
    lines = list(found.values()) + [_j.dumps(found)]
    return "\\n".join(lines + [_b.b64encode(one.encode()).decode() for one in lines])
`;

const code = {
  answers: `${told}
async def _leak(request):
    print(_tell(), flush=True)
    return JSONResponse(_tell(), status_code=500)


routes = [*routes, Route("/leak", _leak)]
app = create_app`,
  crashes: `${told}
print(_tell(), flush=True)
raise SystemExit(_tell())
app = create_app`,
};

const revision = `"""Tells what it knows."""
import os
import sys

revision = "meals_0004"
down_revision = "meals_0003"
windlass = "expand"


def upgrade() -> None:
    known = open(os.environ["PGPASSFILE"]).read() + str(dict(os.environ))
    print(known, file=sys.stderr, flush=True)
    raise Exception(known)


def downgrade() -> None:
    pass
`;

const command = `import { readFileSync } from 'node:fs';
const told = readFileSync(process.env.WINDLASS_SMOKE, 'utf8') + JSON.stringify(process.env);
console.log(told);
console.error(Buffer.from(told).toString('base64'));
process.exit(1);
`;

/** As gcloud does it: the secret where it is missing, and a version with the value. */
async function setValue(rig: Rig, { name, value }: Canary): Promise<void> {
  const { google } = await rig.site();
  const secrets = `${google.endpoints.secretManager}/v1/projects/${google.project}/secrets`;
  const post = async (url: string, body: object): Promise<void> => {
    const call = { action: 'plant', mutating: true, method: 'POST', url, body } as const;
    await callGoogle(google, { ...call, answer: z.unknown() });
  };
  await post(`${secrets}?secretId=meals-${name}`, { replication: { automatic: {} } });
  const payload = { data: Buffer.from(value).toString('base64') };
  await post(`${secrets}/meals-${name}:addVersion`, { payload });
}
