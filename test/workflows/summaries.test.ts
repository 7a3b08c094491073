import { expect, it } from 'vitest';
import { createActivities } from '../../activities/index.ts';
import { summaryOf } from '../../workflows/summaries.ts';

it('every activity has a summary for the UI', () => {
  const names = Object.keys(createActivities({ root: '/nowhere', home: '/nowhere' }));
  const bare = names.filter((name) => summaryOf(name) === name);
  expect(bare).toEqual([]);
});
