import { expect, it } from 'vitest';
import { placeIssues } from '../../src/config/place-issues.ts';

const named = (organization: string) =>
  placeIssues({
    region: 'us-central1',
    environments: { production: { supabase: { region: 'us-east-1', organization }, backup: {} } },
  });

it.each(['shop', 'abcdefghijklmnopqrst', 'My_shop-2'])('%s may be an organization', (slug) => {
  expect(named(slug)).toEqual([]);
});

it.each(['My Shop', '', 'org/shop'])('%j is a name and no slug of an organization', (slug) => {
  expect(named(slug)).toEqual([
    {
      path: ['environments', 'production', 'supabase', 'organization'],
      message: `is '${slug}': the slug of a Supabase organization holds letters, digits and dashes`,
      fix: 'Take it from the dashboard: supabase.com/dashboard/org/SLUG.',
    },
  ]);
});
