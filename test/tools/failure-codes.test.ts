import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { failureCodes } from '../../tools/failure-codes.ts';

it('docs/failures.md is what the code says (node tools/failure-codes.ts)', async () => {
  const page = await readFile('docs/failures.md', 'utf8');
  expect(page).toBe(await failureCodes());
  for (const code of [
    'ENVIRONMENT_DIRTY',
    'TERRAFORM_LOCKED',
    'APPROVAL_WRONG_DIGEST',
    'UNEXPECTED',
  ])
    expect(page).toContain(`## ${code}\n`);
});
