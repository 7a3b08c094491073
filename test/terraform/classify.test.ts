import { expect, test } from 'vitest';
import { terraformFailure } from '../../src/terraform/classify.ts';

const said: readonly (readonly [code: string, kind: string, summary: string, detail: string])[] = [
  [
    'TERRAFORM_LOCKED',
    'reconcile',
    'Error acquiring the state lock',
    'Error message: writing "gs://p-state/20-services/default.tflock" failed: googleapi: Error 412: At least one of the pre-conditions you specified did not hold., conditionNotMet',
  ],
  [
    'TERRAFORM_STATE_DAMAGED',
    'undo',
    'Error acquiring the state lock',
    'Error message: 2 problems:\n\n- Unsupported state file format: The state file could not be parsed as JSON:\nsyntax error at byte offset 22.',
  ],
  [
    'GOOGLE_API_OFF',
    'retry',
    'Error creating Topic',
    'googleapi: Error 403: Cloud Pub/Sub API has not been used in project 1234 before or it is disabled. Enable it by visiting https://console.developers.google.com/apis/api/pubsub.googleapis.com/overview?project=1234 then retry., SERVICE_DISABLED',
  ],
  [
    'TERRAFORM_PLAN_STALE',
    'reconcile',
    'Saved plan is stale',
    'The given plan file can no longer be applied because the state was changed by another operation after the plan was created.',
  ],
  [
    'TERRAFORM_TAINTED_PROTECTED',
    'reconcile',
    'cannot destroy service without setting deletion_protection=false and running `terraform apply`',
    '',
  ],
  [
    'TERRAFORM_IAM_NOT_SPREAD',
    'retry',
    'Error waiting to create Service: Error code 7',
    "Permission denied on secret: projects/1/secrets/a-b/versions/1 for Revision service account run-a@p.iam.gserviceaccount.com. The service account used must be granted the 'Secret Manager Secret Accessor' role",
  ],
  [
    'TERRAFORM_REVISION_FAILED',
    'undo',
    'Error waiting to update Service: Error code 9',
    'The user-provided container failed to start and listen on the port defined provided by the PORT=8080 environment variable within the allocated timeout.',
  ],
  [
    'TERRAFORM_REVISION_FAILED',
    'undo',
    'Error waiting to update Service: Error code 9',
    "Revision 'meals-00002-abc' is not ready and cannot serve traffic.",
  ],
  [
    'TERRAFORM_BACKEND_UNREACHABLE',
    'retry',
    'Error loading state',
    'Failed to open state file at gs://p-state/x: Get "http://127.0.0.1:1/p-state/x": dial tcp 127.0.0.1:1: connect: connection refused',
  ],
  ['TERRAFORM_STATE_NOT_WRITTEN', 'reconcile', 'Failed to save state', 'Error saving state: 403'],
  [
    'TERRAFORM_QUOTA',
    'undo',
    'Error creating Service',
    "googleapi: Error 429: Quota exceeded for quota metric 'Write requests'",
  ],
  ['TERRAFORM_FAILED', 'undo', 'Error creating Secret', 'googleapi: Error 400: no such field'],
];

test.each(said)('%s is %s: %s', (code, kind, summary, detail) => {
  const diagnostics = [{ severity: 'error', summary, detail, address: 'a.b' }];
  const failure = terraformFailure({ command: 'apply', exitCode: 1, diagnostics, tail: ['…'] });
  expect(failure).toMatchObject({ code, class: kind, addresses: ['a.b'], tail: ['…'] });
  expect(failure.why).toContain(summary);
});

test('a lost state write outweighs the failure that came before it', () => {
  const failure = terraformFailure({
    command: 'apply',
    exitCode: 1,
    diagnostics: [
      { severity: 'error', summary: 'container failed to start', detail: '' },
      { severity: 'error', summary: 'Failed to persist state to backend', detail: '' },
    ],
    tail: [],
  });
  expect(failure.code).toBe('TERRAFORM_STATE_NOT_WRITTEN');
});

test('a warning explains nothing', () => {
  const diagnostics = [{ severity: 'warning', summary: 'Saved plan is stale', detail: '' }];
  const end = { command: 'plan', exitCode: 1, diagnostics, tail: ['last words'] };
  expect(terraformFailure(end)).toMatchObject({ code: 'TERRAFORM_FAILED', why: 'last words' });
});

test('a kill is reconciled, a stop is undone', () => {
  const end = { command: 'apply', diagnostics: [], tail: [] };
  expect(terraformFailure({ ...end, exitCode: 137 }).class).toBe('reconcile');
  expect(terraformFailure({ ...end, exitCode: 1, interrupted: true }).code).toBe(
    'TERRAFORM_STOPPED',
  );
});

test.each([
  [
    'a resource called connection refused',
    'Error creating Secret',
    'googleapi: Error 400: the id "connection refused" is invalid',
  ],
  [
    'a revision whose log says so',
    'Invalid value',
    'its last log line: psycopg: connection refused, no such host',
  ],
])('the words of a user are no lost connection: %s', (_, summary, detail) => {
  const diagnostics = [{ severity: 'error' as const, summary, detail }];
  const end = { command: 'apply', exitCode: 1, diagnostics, tail: ['dial tcp: i/o timeout'] };
  expect(terraformFailure(end)).toMatchObject({ code: 'TERRAFORM_FAILED', class: 'undo' });
});

test.each([
  'Post "https://run.googleapis.com/v2/x": dial tcp 142.250.1.1:443: connect: connection refused',
  'Get "https://iam.googleapis.com/v1/x": read tcp 10.0.0.1:1->142.2.2.2:443: read: connection reset by peer',
  'Get "https://iam.googleapis.com/v1/x": dial tcp: lookup iam.googleapis.com: no such host',
])('what Go says of a lost connection is one: %s', (detail) => {
  const diagnostics = [{ severity: 'error' as const, summary: 'Error reading X', detail }];
  const end = { command: 'apply', exitCode: 1, diagnostics, tail: [] };
  expect(terraformFailure(end)).toMatchObject({ code: 'TERRAFORM_PROVIDER_UNREACHABLE' });
});

test('a failure names the services that it is about, each once', () => {
  const error = (name: string, resource: string) => ({
    severity: 'error' as const,
    summary: `Revision '${name}-00002' is not ready`,
    detail: '',
    address: `module.services["${name}"].${resource}.this`,
  });
  const { what } = terraformFailure({
    ...{ command: 'apply', exitCode: 1, tail: [] },
    diagnostics: [
      error('meals', 'google_cloud_run_v2_service'),
      error('a-b', 'google_cloud_run_v2_service'),
      error('meals', 'google_cloud_run_v2_service_iam_member'),
    ],
  });
  expect(what).toBe('A new revision did not become ready: meals, a-b');
});
