import { expect, test } from 'vitest';
import { drillEnvironment } from '../../src/drills/drill-site.ts';
import { Environment } from '../../src/config/environment.ts';

const settings = {
  ...{ site_url: 'https://x.test', jwt_exp: 3600, mailer_autoconfirm: false, uri_allow_list: '' },
};
const placeOf = (project: string): string => {
  const supabase = { organization: 'org', project: 'app', settings };
  return drillEnvironment(Environment.parse({ project, supabase })).project;
};

test.each([
  ['wellness-demo', 'wellness-demo-drill'],
  ['a-project-of-24-characters', 'a-project-of-24-charact-drill'],
])('the drills of %s have a project whose name Google takes', (project, wanted) => {
  const place = placeOf(project);
  expect(place).toMatch(/^[a-z][a-z0-9-]{4,28}[a-z0-9]$/);
  if (project.length <= 24) expect(place).toBe(wanted);
});

test('two long names that begin alike have two', () => {
  const [one, other] = ['production', 'staging---'].map((end) =>
    placeOf(`a-long-application-${end}`.replace(/-+$/, 'x')),
  );
  expect(one).not.toBe(other);
});
