import type { Planted } from './planted.ts';

/** A step of a deploy as a rehearsal breaks it. */
export interface RehearsedStep {
  readonly id: string;
  /** The activity that does it. */
  readonly activity: string;
  /** What it says of itself in its middle, and how it is broken there. */
  readonly middle: string;
  readonly how: Exclude<Planted['how'], 'crash'>;
  /** The sandbox's fault by which the cloud refuses it for good, in its middle. */
  readonly refusal?: { readonly fault: string; readonly options: object };
}

// Once: an undo makes the same kind of call as its step, and must not meet the fault again.
const once = { times: 1 };

/** Every step of a deploy that does something. */
export const rehearsedSteps: readonly RehearsedStep[] = [
  { id: 'plan', activity: 'planRelease', middle: 'making the release', how: 'throw' },
  { id: 'backup', activity: 'backUp', middle: 'dumping', how: 'throw' },
  {
    id: 'foundation',
    activity: 'applyFoundation',
    middle: 'complete after',
    how: 'stop',
    refusal: { fault: 'foundation', options: { after: 0 } },
  },
  {
    id: 'supabase',
    activity: 'bootstrapSupabase',
    middle: 'making the roles',
    how: 'throw',
    refusal: { fault: 'supabase', options: once },
  },
  { id: 'secrets', activity: 'fillSecrets', middle: 'trying every login', how: 'throw' },
  {
    id: 'migrate',
    activity: 'migrate',
    middle: 'rehearsal',
    how: 'stop',
    refusal: { fault: 'migrate', options: {} },
  },
  {
    id: 'services',
    activity: 'applyServices',
    middle: 'complete after',
    how: 'stop',
    refusal: { fault: 'services', options: once },
  },
  {
    id: 'smoke',
    activity: 'smokeTest',
    middle: 'probing row level security',
    how: 'throw',
    refusal: { fault: 'smoke', options: once },
  },
  {
    id: 'promote',
    activity: 'promote',
    middle: 'moved',
    how: 'throw',
    refusal: { fault: 'promote', options: once },
  },
  { id: 'record', activity: 'verifyAndRecord', middle: 'planning a second time', how: 'throw' },
];
