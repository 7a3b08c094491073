import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { projectPlace } from '../../../src/place.ts';
import { AddressBook } from '../../../src/address-book.ts';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

// Makes a project in the sandbox of this checkout and asks its Postgres something; ends with 0
// where that answers.
const text = await readFile(join(projectPlace().home, 'sandbox.json'), 'utf8');
const { supabase, supabaseToken } = AddressBook.parse(JSON.parse(text));

async function call(path: string, body?: object): Promise<unknown> {
  const answer = await fetch(`${supabase}/v1/${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization: `Bearer ${supabaseToken}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return answer.json();
}

const [organization] = z
  .object({ slug: z.string() })
  .array()
  .parse(await call('organizations'));
const asked = { name: 'place', organization_slug: organization?.slug, region: 'us-east-1' };
const made = await call('projects', { ...asked, db_pass: 'of-this-place-only' });
const { ref } = z.object({ ref: z.string() }).parse(made);
let status = 'COMING_UP';
for (let waited = 0; status === 'COMING_UP' && waited < 1200; waited += 1) {
  await pause(100);
  status = z.object({ status: z.string() }).parse(await call(`projects/${ref}`)).status;
}
const rows = await call(`projects/${ref}/database/query`, { query: 'select 6 * 7 as answer' });
process.stdout.write(`${status} ${JSON.stringify(rows)}\n`);
process.exitCode = JSON.stringify(rows) === '[{"answer":42}]' ? 0 : 1;
