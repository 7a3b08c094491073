import { expect, it } from 'vitest';
import { Failure } from '../../src/failure.ts';
import { undoAgain } from '../../src/stacks/undo-again.ts';
import { terraformFailure } from '../../src/terraform/classify.ts';

const failing = (error: unknown) => () => Promise.reject(error);

it('tries an undo again after an error of terraform that nobody knows', async () => {
  const unknown = terraformFailure({
    ...{ command: 'apply', exitCode: 1, tail: [] },
    diagnostics: [{ severity: 'error', summary: 'Something new', detail: '' }],
  });
  expect(unknown).toMatchObject({ code: 'TERRAFORM_FAILED', class: 'undo' });
  const seen = undoAgain(failing(unknown));
  await expect(seen).rejects.toMatchObject({ code: 'TERRAFORM_FAILED', class: 'retry' });
});

it('leaves what is no error of terraform, or stays as it is, to the operator', async () => {
  const text = { what: 'no', why: 'no', fix: 'no' };
  for (const code of ['TERRAFORM_RUN_MIXED_UP', 'PLAN_LOST']) {
    const seen = undoAgain(failing(new Failure({ code, ...text })));
    await expect(seen).rejects.toMatchObject({ code, class: 'undo' });
  }
});

it.for(['Request cancelled', 'Plugin did not respond', 'Reattachment process not found'])(
  'knows that the provider is gone by "%s", and tries again',
  (summary) => {
    const failure = terraformFailure({
      ...{ command: 'plan', exitCode: 1, tail: [] },
      diagnostics: [{ severity: 'error', summary, detail: 'the plugin.(*GRPCProvider).X call' }],
    });
    expect(failure).toMatchObject({ code: 'TERRAFORM_PROVIDER_UNREACHABLE', class: 'retry' });
  },
);
