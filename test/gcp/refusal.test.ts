import { describe, expect, test } from 'vitest';
import { refusedByClient } from '../../src/gcp/official.ts';
import { refused } from '../../src/gcp/refusal.ts';
import { Failure } from '../../src/failure.ts';

const said = { action: 'set traffic', message: 'no', mutating: true };

describe('a refusal of Google', () => {
  test.each([
    [400, 'INVALID_ARGUMENT', 'undo'],
    [401, 'UNAUTHENTICATED', 'undo'],
    [403, 'PERMISSION_DENIED', 'retry'],
    [404, 'NOT_FOUND', 'undo'],
    [409, 'ALREADY_EXISTS', 'undo'],
    [409, 'ABORTED', 'retry'],
    [412, 'FAILED_PRECONDITION', 'undo'],
    [429, 'RESOURCE_EXHAUSTED', 'retry'],
    [500, 'INTERNAL', 'retry'],
    [503, 'UNAVAILABLE', 'retry'],
    [0, 'UNAVAILABLE', 'retry'],
    [504, 'DEADLINE_EXCEEDED', 'reconcile'],
    [0, 'DEADLINE_EXCEEDED', 'reconcile'],
  ])('%i %s calls for %s', (http, status, kind) => {
    expect(refused({ ...said, http, status }).class).toBe(kind);
  });

  test('for an API that is off names the way to enable it, and no role', () => {
    const message =
      'Cloud Run Admin API has not been used in project 12 before or it is disabled. Enable it by visiting https://console.developers.google.com/apis/api/run.googleapis.com/overview?project=12 then retry.';
    const failure = refused({ ...said, message, http: 403, status: 'PERMISSION_DENIED' });
    expect(failure).toMatchObject({ code: 'GOOGLE_API_OFF', why: message });
    expect(failure.fix).toContain('windlass bootstrap');
    expect(failure.fix).not.toContain('role');
  });

  test('for an API that is off is known by its reason, whatever the words', () => {
    const off = { ...said, reason: 'SERVICE_DISABLED', http: 403, status: 'PERMISSION_DENIED' };
    expect(refused(off)).toMatchObject({ code: 'GOOGLE_API_OFF', class: 'retry' });
    const other = refused({ ...off, reason: 'IAM_PERMISSION_DENIED' });
    expect(other.code).toBe('GOOGLE_DENIED');
  });

  test('whose outcome does not matter is tried again after a timeout', () => {
    const read = { ...said, mutating: false, http: 504, status: 'DEADLINE_EXCEEDED' };
    expect(refused(read).class).toBe('retry');
  });
});

describe('an error of Google’s own clients', () => {
  test.each([
    [{ code: 5, message: '5 NOT_FOUND: no such service' }, 'GOOGLE_NOT_FOUND'],
    [{ code: 7, message: '7 PERMISSION_DENIED: run.services.get' }, 'GOOGLE_DENIED'],
    [{ code: 10, message: 'stale' }, 'GOOGLE_STALE'],
    [{ code: 412, message: 'conditionNotMet' }, 'GOOGLE_MOVED'],
    [{ code: 'ECONNREFUSED', message: 'connect ECONNREFUSED' }, 'GOOGLE_UNREACHABLE'],
    [new Error('socket hang up'), 'GOOGLE_UNREACHABLE'],
    ['a string', 'GOOGLE_UNREACHABLE'],
  ])('%o becomes %s', (error, code) => {
    const failure = refusedByClient({ action: 'read' }, error);
    expect(failure).toBeInstanceOf(Failure);
    expect(failure).toMatchObject({ code, what: 'Google refused to read' });
  });

  test('keeps Google’s own words without the code before them', () => {
    const failure = refusedByClient({ action: 'read' }, { code: 5, message: '5 NOT_FOUND: gone' });
    expect(failure).toHaveProperty('why', 'gone');
  });
});
