import { googleProjectId } from './environment.ts';
import type { Issue } from './issue.ts';
import { nearest } from './nearest.ts';
import { runRegions } from './run-limits.ts';

interface Placed {
  readonly region: string;
  readonly environments: Readonly<
    Record<
      string,
      {
        readonly billingAccount?: string | undefined;
        readonly supabase: { readonly region: string; readonly organization: string };
        readonly backup: { readonly project?: string | undefined };
      }
    >
  >;
}

/** Regions of a Supabase project (V1CreateProjectBody of the Management API, read on 2026-11-28). */
const supabaseRegions: readonly string[] = [
  ...['us-east-1', 'us-east-2', 'us-west-1', 'us-west-2', 'ca-central-1', 'sa-east-1'],
  ...['eu-west-1', 'eu-west-2', 'eu-west-3', 'eu-north-1', 'eu-central-1', 'eu-central-2'],
  ...['ap-east-1', 'ap-south-1', 'ap-southeast-1', 'ap-southeast-2', 'ap-northeast-1'],
  'ap-northeast-2',
];

/** Places that are none: a region mistyped would else be taken for a move of everything. */
export function placeIssues({ region, environments }: Placed): readonly Issue[] {
  return [
    ...regionIssue(['region'], region, runRegions, 'Cloud Run'),
    ...Object.entries(environments).flatMap(([name, { supabase, billingAccount, backup }]) => [
      ...regionIssue(
        ['environments', name, 'supabase', 'region'],
        supabase.region,
        supabaseRegions,
        'Supabase',
      ),
      ...accountIssue(['environments', name, 'billingAccount'], billingAccount),
      ...organizationIssue(
        ['environments', name, 'supabase', 'organization'],
        supabase.organization,
      ),
      ...projectIssue(['environments', name, 'backup', 'project'], backup.project),
    ]),
  ];
}

function regionIssue(
  path: readonly string[],
  region: string,
  regions: readonly string[],
  whose: string,
): readonly Issue[] {
  if (regions.includes(region)) return [];
  const message = `is '${region}': ${whose} has no such region`;
  const meant = nearest(region, regions);
  const fix = meant ? `Did you mean \`${meant}\`?` : `Name one of: ${regions.join(', ')}.`;
  return [{ path, message, fix }];
}

function accountIssue(path: readonly string[], account: string | undefined): readonly Issue[] {
  if (account === undefined || /^[0-9A-F]{6}(-[0-9A-F]{6}){2}$/.test(account)) return [];
  const message = `is '${account}': the id of a billing account is three groups of six hexadecimal digits`;
  return [{ path, message, fix: 'Take it from `gcloud billing accounts list`.' }];
}

// The pattern of the Management API, which takes the slug and not the name.
function organizationIssue(path: readonly string[], slug: string): readonly Issue[] {
  if (/^[\w-]+$/.test(slug)) return [];
  const message = `is '${slug}': the slug of a Supabase organization holds letters, digits and dashes`;
  return [{ path, message, fix: 'Take it from the dashboard: supabase.com/dashboard/org/SLUG.' }];
}

function projectIssue(path: readonly string[], project: string | undefined): readonly Issue[] {
  if (project === undefined || googleProjectId.test(project)) return [];
  const message = `is '${project}': the id of a Google project has 6 to 30 small letters, digits and dashes`;
  return [{ path, message, fix: 'Take it from `gcloud projects list`.' }];
}
