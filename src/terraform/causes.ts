import type { FailureClass } from '../failure.ts';

/** One known way in which Terraform fails, and the words by which it is known. */
export interface Cause {
  readonly code: string;
  readonly class: FailureClass;
  readonly what: string;
  readonly fix: string;
  readonly signs: readonly RegExp[];
}

/** The known causes, the most telling first: a lost state write outweighs whatever led to it. */
export const terraformCauses: readonly Cause[] = [
  {
    code: 'TERRAFORM_STATE_NOT_WRITTEN',
    class: 'reconcile',
    what: 'Terraform could not write its state',
    fix: 'The next attempt stores the state that it left behind, then plans again. Where the run has ended: `windlass recover -e ENVIRONMENT --reconcile`.',
    signs: [/Failed to (persist|save) state/i, /errored\.tfstate/],
  },
  {
    // Terraform reads the state while it takes the lock, and blames the lock.
    code: 'TERRAFORM_STATE_DAMAGED',
    class: 'undo',
    what: 'The state cannot be read',
    fix: '`windlass state list -e ENVIRONMENT --stack STACK` shows its copies, `windlass state restore -e ENVIRONMENT --stack STACK` restores the newest; `windlass recover -e ENVIRONMENT` does so where more is lost.',
    signs: [/Unsupported state file format/i, /state file could not be parsed/i],
  },
  {
    code: 'PROVIDER_REFUSED',
    class: 'undo',
    what: 'A provider is not the one that windlass.lock.hcl records',
    fix: 'Find out who changed it, or why this machine is of another kind. Where its version was raised: `windlass lock --upgrade`, then commit the file.',
    signs: [
      /does(n't|\s+not)\s+match\s+any\s+of\s+the\s+checksums/i,
      /Provider\s+dependency\s+changes\s+detected/i,
      /Inconsistent\s+dependency\s+lock\s+file/i,
    ],
  },
  {
    code: 'TERRAFORM_LOCKED',
    class: 'reconcile',
    what: 'The state is locked',
    fix: 'Wait for the run that holds it; `windlass state unlock -e ENVIRONMENT` shows who holds it, and releases it after confirmation.',
    signs: [/Error acquiring the state lock/i, /Error locking state/i],
  },
  {
    code: 'TERRAFORM_PLAN_STALE',
    class: 'reconcile',
    what: 'The plan is older than the state',
    fix: 'Plan again: the state was changed in between.',
    signs: [/Saved plan is stale/i, /saved plan does not match the given state/i],
  },
  {
    code: 'TERRAFORM_TAINTED_PROTECTED',
    class: 'reconcile',
    what: 'A service whose first revision failed would be replaced, and its deletion is refused',
    fix: 'The next attempt untaints it and fixes it in place. Where the run has ended, deploy again.',
    signs: [/cannot destroy (service|secret)\b.* without setting deletion_protection=false/is],
  },
  {
    code: 'GOOGLE_API_OFF',
    class: 'retry',
    what: 'An API of the project is off',
    fix: 'Enable it by `windlass bootstrap -e ENVIRONMENT`, or at the link that Google names; it takes some minutes to take effect.',
    signs: [/SERVICE_DISABLED/, /API has not been used in project \S+ before or it is disabled/i],
  },
  {
    code: 'TERRAFORM_IAM_NOT_SPREAD',
    class: 'retry',
    what: 'A new permission has not taken effect yet',
    fix: 'Wait and try again; it usually takes 2 minutes, sometimes 7 or more.',
    signs: [
      /Permission denied on secret.* for Revision service account/is,
      /Service account .* does not exist/i,
      /iam\.serviceAccounts\.actAs/i,
    ],
  },
  {
    code: 'TERRAFORM_REVISION_FAILED',
    class: 'undo',
    what: 'A new revision did not become ready',
    fix: 'Check the last log lines of the service; the old revision keeps serving.',
    signs: [
      /Revision '?[^']*'? is not ready/i,
      /container failed to start/i,
      /HealthCheckContainerError/i,
      /failed the configured (startup|health) (probe|check)/i,
    ],
  },
  {
    code: 'TERRAFORM_BACKEND_UNREACHABLE',
    class: 'retry',
    what: 'The state bucket cannot be reached',
    fix: 'Check the network and the bucket; nothing was changed.',
    signs: [
      /(Error (loading|refreshing) (the )?state|Failed to get existing workspaces|querying Cloud Storage failed)[\s\S]*(connection refused|no such host|i\/o timeout|EOF|50[0234]|429)/i,
    ],
  },
  {
    code: 'TERRAFORM_PROVIDER_UNREACHABLE',
    class: 'retry',
    what: 'A Google API cannot be reached',
    fix: 'Check the network, then try again.',
    // As Go's net package writes it: a log line or a name with these words is no sign.
    signs: [
      /\b(dial|read|write) (tcp|udp|unix)\b[^\n]*(connection refused|no such host|i\/o timeout|connection reset by peer|network is unreachable|no route to host)/i,
      // The provider's process, or the sandbox that serves it, is gone.
      /^Request cancelled$/im,
      /^Plugin did not respond$/im,
      /Reattachment process not found/i,
      /Failed to (instantiate|load|obtain) (the )?(provider|plugin|schema)[\s\S]*(connection|socket|rpc error|Unavailable)/i,
      /\b(Get|Post|Put|Patch|Delete|Head) "https?:[^\n]*(connection refused|no such host|i\/o timeout|connection reset by peer|TLS handshake timeout|: EOF)/i,
    ],
  },
  {
    code: 'TERRAFORM_QUOTA',
    class: 'undo',
    what: 'A quota of the project is exceeded',
    fix: 'Raise it in the Google console, or delete something that uses it.',
    signs: [/Quota exceeded|quotaExceeded|RESOURCE_EXHAUSTED/i],
  },
];
