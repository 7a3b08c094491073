import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { apply } from '../../src/terraform/apply.ts';
import { planDestroy } from '../../src/terraform/destroy.ts';
import { output } from '../../src/terraform/output.ts';
import { plan } from '../../src/terraform/plan.ts';
import { show } from '../../src/terraform/show.ts';
import { stateList } from '../../src/terraform/state-list.ts';
import { statePull } from '../../src/terraform/state-pull.ts';
import { statePush } from '../../src/terraform/state-push.ts';
import { untaint } from '../../src/terraform/untaint.ts';
import { version } from '../../src/terraform/version.ts';
import { workshop } from './workshop.ts';
import type { Workshop } from './workshop.ts';

const hcl = (input: string) => `
resource "terraform_data" "one" { input = "${input}" }
output "one" { value = terraform_data.one.output }
`;

let open: Workshop | undefined;

afterEach(async () => {
  await open?.close();
  open = undefined;
});

async function planned(shop: Workshop, name: string) {
  const runDir = shop.runDir(`plan-${name}`);
  return plan(shop.place, { out: join(shop.place.stackDir, `${name}.tfplan`) }, { runDir });
}

test('a plan is applied, its outputs are read, and the next plan is empty', async () => {
  open = await workshop(hcl('first'));
  const { place, runDir } = open;
  const first = await planned(open, 'first');
  expect(first.empty).toBe(false);
  const { resource_changes: changes } = await show(place, first.file);
  expect(changes.map(({ address, change }) => [address, change.actions])).toEqual([
    ['terraform_data.one', ['create']],
  ]);
  const seen: string[] = [];
  await apply(place, first, {
    runDir: runDir('apply'),
    onProgress: ({ text }) => seen.push(text),
  });
  expect(seen.some((text) => text.startsWith('terraform_data.one: Creation complete'))).toBe(true);
  expect(await output(place)).toEqual({ one: 'first' });
  expect((await planned(open, 'second')).empty).toBe(true);
});

test('another plan than the approved one is not applied', async () => {
  open = await workshop(hcl('first'));
  const saved = await planned(open, 'first');
  await writeFile(saved.file, `${await readFile(saved.file, 'latin1')}x`, 'latin1');
  const applying = apply(open.place, saved, { runDir: open.runDir('apply') });
  await expect(applying).rejects.toMatchObject({ code: 'TERRAFORM_PLAN_CHANGED' });
  expect(await stateList(open.place)).toEqual([]);
});

test('a plan that somebody overtook is stale, which is to be reconciled', async () => {
  open = await workshop(hcl('first'));
  const { place, runDir } = open;
  const [mine, theirs] = [await planned(open, 'mine'), await planned(open, 'theirs')];
  await apply(place, theirs, { runDir: runDir('theirs') });
  const applying = apply(place, mine, { runDir: runDir('mine') });
  await expect(applying).rejects.toMatchObject({
    code: 'TERRAFORM_PLAN_STALE',
    class: 'reconcile',
  });
});

test('a failed resource is told with its address and last lines, and mended by untaint', async () => {
  open = await workshop(`
resource "terraform_data" "one" {
  provisioner "local-exec" { command = "echo no luck >&2; exit 3" }
}`);
  const { place, runDir } = open;
  const saved = await planned(open, 'first');
  const applying = apply(place, saved, { runDir: runDir('apply') });
  await expect(applying).rejects.toMatchObject({
    code: 'TERRAFORM_FAILED',
    addresses: ['terraform_data.one'],
    tail: expect.arrayContaining([expect.stringContaining('no luck')]),
  });
  await untaint(place, 'terraform_data.one');
  await untaint(place, 'terraform_data.one');
  expect((await planned(open, 'second')).empty).toBe(true);
});

test('an older state is not pushed over a newer one', async () => {
  open = await workshop(hcl('first'));
  const { place, runDir, write } = open;
  await apply(place, await planned(open, 'first'), { runDir: runDir('apply-first') });
  const kept = await statePull(place);
  await write(hcl('second'));
  await apply(place, await planned(open, 'second'), { runDir: runDir('apply-second') });
  await expect(statePush(place, kept ?? '')).rejects.toMatchObject({
    why: expect.stringContaining('serial'),
  });
  await statePush(place, (await statePull(place)) ?? '');
});

test('the end of everything is a plan like any other', async () => {
  open = await workshop(hcl('first'));
  const { place, runDir } = open;
  expect(await stateList(place)).toEqual([]);
  await apply(place, await planned(open, 'first'), { runDir: runDir('apply') });
  expect(await stateList(place)).toEqual(['terraform_data.one']);
  const out = join(place.stackDir, 'end.tfplan');
  const end = await planDestroy(place, { out }, { runDir: runDir('plan-end') });
  await apply(place, end, { runDir: runDir('end') });
  expect(await stateList(place)).toEqual([]);
});

test('broken HCL is told in Terraform’s words', async () => {
  open = await workshop(hcl('first'));
  await open.write('resource "terraform_data" "one" { nonsense = 1 }');
  await expect(planned(open, 'first')).rejects.toMatchObject({
    code: 'TERRAFORM_FAILED',
    why: expect.stringContaining('Unsupported argument'),
  });
});

test('a missing Terraform is one clear failure', async () => {
  const place = { binary: 'no-such-terraform', stackDir: '/', env: {} };
  await expect(version(place)).rejects.toMatchObject({ code: 'TERRAFORM_MISSING' });
});

test('an old Terraform is refused by its number', async () => {
  open = await workshop(hcl('first'));
  const binary = join(open.place.stackDir, 'old');
  const answer = '#!/bin/sh\necho \'{"terraform_version":"1.9.8"}\'\n';
  await writeFile(binary, answer, { mode: 0o755 });
  await expect(version({ ...open.place, binary })).rejects.toMatchObject({
    code: 'TERRAFORM_TOO_OLD',
  });
});
