import type { RunFacts } from './run-facts.ts';
import type { SiteAddress } from './site-address.ts';
import type { TreeFacts } from './tree-facts.ts';
import type { Act, Spoken } from './words.ts';
import type { UndoSummary } from './planning/undo/undo-summary.ts';

/** A reference to bytes in a bucket, with the digest that they must have. */
export interface Stored {
  readonly object: string;
  readonly sha256: string;
}

/** A release: what it is called, and where its bundle lies. */
export interface ReleaseRef extends Stored {
  readonly id: string;
}

/** What one stack's plan would change. */
export interface StackPlan extends Stored {
  readonly stack: StackName;
  readonly add: number;
  readonly change: number;
  readonly destroy: number;
  /** There is nothing to apply. */
  readonly empty: boolean;
}

/** The stacks, each of a state of its own, in the order in which they build on each other. */
export const stackNames = ['10-foundation', '20-services'] as const;
export type StackName = (typeof stackNames)[number];

/** Revision per service that Alembic would go from and to; `null` = nothing applied yet. */
export interface MigrationPlan {
  readonly service: string;
  readonly from: string | null;
  readonly to: string;
}

/** What a release no longer has, and the terraform addresses that go with it. */
export interface Removal {
  readonly services: readonly string[];
  readonly secrets: readonly string[];
  readonly addresses: Readonly<Record<string, readonly string[]>>;
  /** The region that the services leave for another; absent = they leave for good. */
  readonly from?: string;
}

/** A service whose traffic follows LATEST, and the revision that this means. */
export interface Binding {
  readonly service: string;
  readonly revision: string;
  /** The share that follows; 0 where only a tag does. */
  readonly percent: number;
}

/** What everybody may call from now on, and the terraform addresses by which. */
export interface Opening {
  readonly services: readonly string[];
  readonly addresses: readonly string[];
}

/** Which object a stack's state is; null = none yet. */
export interface StateMark {
  readonly stack: StackName;
  readonly generation: string | null;
}

/** What an environment asks of an approval. */
export interface ApprovalRules {
  readonly patienceSeconds: number;
  readonly secondPerson: boolean;
}

/** What a deploy would do: everything that an approver has to know. */
export interface Plan {
  readonly digest: string;
  readonly stacks: readonly StackPlan[];
  readonly migrations: readonly MigrationPlan[];
  readonly settings: readonly string[];
  readonly promote: readonly string[];
  /** What a destruction takes away and leaves, a line each; absent for any other run. */
  readonly destroys?: readonly string[];
  /** Splits that follow LATEST and are bound before any apply; absent = none. */
  readonly bind?: readonly Binding[];
  /** What is opened to everybody once its candidate is tested; absent = nothing. */
  readonly opening?: Opening;
  readonly secretVersions: Readonly<Record<string, string>>;
  readonly missingSecrets: readonly string[];
  /** USD a month; what runs whether used or not, and the lines that have no number. */
  readonly cost: {
    readonly fixed: number;
    readonly unknown: readonly string[];
    /** Why the cost needs a person's word, whatever the environment says; absent = it needs none. */
    readonly approve?: string;
  };
  /** A deploy of it would do nothing: not even the release differs from the one in force. */
  readonly unchanged: boolean;
  /** Nothing in the clouds differs, but the release does: only that is recorded. */
  readonly releaseOnly?: true;
  /** How all of it is wound back, in figures. */
  readonly undo: UndoSummary;
  /** What is deleted once the traffic has moved; absent = nothing. */
  readonly removal?: Removal;
  /** The states that the plan was made on; a plan on others is made again. */
  readonly states: readonly StateMark[];
  /** What the database has that no backup holds, a line each; absent = nothing. */
  readonly notInBackup?: readonly string[];
  /** Why nobody could sign up for want of a mail server; absent = mails go out, or none is needed. */
  readonly mail?: readonly string[];
  /** Why the services may open more connections than the database allows; absent = they may not. */
  readonly connections?: readonly string[];
  /** How the database is reached, and why; absent in plans of an earlier Windlass. */
  readonly database?: readonly string[];
  /** The plan in full, for `windlass plan`: resources, diffs, SQL. */
  readonly details: Stored;
}

/** Shares of one service's traffic, as the Run API states them. */
export interface TrafficShare {
  readonly revision: string;
  readonly percent: number;
  readonly tag?: string;
}

export type Traffic = Readonly<Record<string, readonly TrafficShare[]>>;

/** What was seen of the Supabase project before this run touched it. */
export interface SupabaseBefore {
  readonly ref: string | null;
  readonly settings: Readonly<Record<string, string | number | boolean | null>>;
  readonly exposedSchemas: readonly string[];
  readonly sslEnforced: boolean | null;
  /** The mail server had another password than the stated one, which nobody can read back. */
  readonly otherSmtpPassword?: true;
  /** Ranges that could connect; absent where windlass.yaml does not state them. */
  readonly allowedRanges?: readonly string[];
  readonly schemas: readonly string[];
  /** It had the IPv4 add-on; absent where nobody accepted that it is bought. */
  readonly ipv4?: boolean;
  /** It was not the environment's own: this run adopts it. */
  readonly foreign?: boolean;
  /** Roles that an adopted project had; absent for one of its own. */
  readonly roles?: readonly string[];
}

/** What is destroyed, as it was shown and confirmed. */
export interface Destroying {
  /** The digest over what was shown. */
  readonly digest: string;
  readonly withoutBackup?: true;
  /** Releases, ledger and all backups go, too. */
  readonly deleteBackups?: true;
}

/** What a caller asks of a deploy. */
export interface DeployRequest extends Spoken {
  readonly environment: string;
  /** The stored release to bring the environment to; absent only in runs that an older Windlass started. */
  readonly release?: string;
  /** The digest of that release's bundle, as its caller stored or found it. */
  readonly releaseSha256?: string;
  /** What the release was made from. */
  readonly tree?: TreeFacts;
  /** Where the environment is; absent where an older Windlass started the run. */
  readonly address?: SiteAddress;
  readonly approval: 'auto' | 'wait';
  /** Ids of secrets that get a new value; the release stays the one in force. */
  readonly rotate?: readonly string[];
  /** Points of no return that the caller accepts, by name. */
  readonly accept?: readonly string[];
  /** Refuse a release that has no certificate of a rehearsal. */
  readonly requireRehearsal?: boolean;
  /** Stop after the plan. */
  readonly planOnly?: boolean;
  /** Whose backups a recovery takes, and which; absent for any other run. */
  readonly recover?: { readonly source: string; readonly from?: string };
  /** What its caller confirmed of a destruction; absent for any other run. */
  readonly destroy?: Destroying;
  /** The machine that it was asked from. */
  readonly host?: string;
  /** Why it was asked for, in the caller's words. */
  readonly reason?: string;
}

/** Everything a deploy learns on its way; each field belongs to the step that returns it. */
export interface Deploy extends DeployRequest {
  readonly runId: string;
  /** It changes the environment by a lease; absent in runs that began before there were any. */
  readonly leased?: true;
  readonly bundle?: ReleaseRef;
  /** What the environment had when the run began, for the undo of the terraform steps. */
  readonly previous?: Standing | null;
  /** Where a rollback goes. */
  readonly target?: Standing;
  readonly plan?: Plan;
  readonly recovery?: Recovery;
  /** The run whose marker a reconciliation found. */
  readonly unfinished?: Unfinished;
  readonly approvalRules?: ApprovalRules;
  readonly approvedBy?: string;
  /** The environment names its people: every word to this run is checked. */
  readonly guarded?: boolean;
  /** Who did what to this run so far, and how that was checked. */
  readonly acts?: readonly Act[];
  /** Seconds that each step took, by its id. */
  readonly stepSeconds?: Readonly<Record<string, number>>;
  readonly backup?: Stored;
  /** What the environment was made of before this run touched it, in digests. */
  readonly worldBefore?: Stored;
  /** What a complete undo did not bring back, a line each. */
  readonly differs?: readonly string[];
  /** What the backup does not bring back, a line each. */
  readonly leftOut?: readonly string[];
  /** The state knows all that the foundation's apply made. */
  readonly foundationWritten?: boolean;
  readonly supabaseBefore?: SupabaseBefore;
  readonly supabaseRef?: string;
  readonly secretsBefore?: Readonly<Record<string, string>>;
  readonly secretVersions?: Readonly<Record<string, string>>;
  readonly revisionsBefore?: Readonly<Record<string, string | null>>;
  readonly migrated?: Readonly<Record<string, string>>;
  /** Live tables that the migrations lock, how and for about how long, in words. */
  readonly locks?: readonly string[];
  readonly trafficBefore?: Traffic;
  readonly candidates?: Readonly<Record<string, string>>;
  readonly smoke?: readonly string[];
  readonly promoted?: Traffic;
  readonly urls?: Readonly<Record<string, string>>;
  readonly ledgerEntry?: number;
  /** What an undo could not or must not remove, in words. */
  readonly kept?: readonly string[];
}

/** A run that changed the environment and neither finished nor wound back. */
export interface Unfinished {
  readonly runId: string;
  readonly kind: string;
  readonly actor: string;
  /** The steps that it began. */
  readonly steps: readonly string[];
  readonly facts: RunFacts | undefined;
}

/** What a recovery brings back. */
export interface Recovery {
  readonly source: string;
  readonly release: ReleaseRef;
  /** What becomes of the database: it survived, it comes from the backup, or there is none. */
  readonly database: 'keep' | 'restore' | 'empty';
  readonly backup: Stored | null;
  /** When the backup was made (ISO 8601). */
  readonly at: string | null;
  /** What that backup does not bring back, a line each. */
  readonly leftOut?: readonly string[];
  /** What becomes of generated secrets whose values are gone, in words. */
  readonly secrets?: readonly string[];
  /** Newer backups that were passed over. */
  readonly damaged?: readonly string[];
}

/** An environment as one ledger entry left it: all that is needed to bring it back there. */
export interface Standing {
  readonly release: ReleaseRef;
  readonly secretVersions: Readonly<Record<string, string>>;
  readonly revisions: Readonly<Record<string, string | null>>;
  readonly traffic: Traffic;
  readonly entry: number;
}
