import { siteOf } from '../endpoints.ts';
import { projectPlace } from '../place.ts';
import type { PlanAnswer } from '../planning/plan-details.ts';
import { readDetails } from '../planning/read-details.ts';
import type { Report } from '../report.ts';
import { undoTable } from './output/undo-lines.ts';
import { answer, answerJson } from './output/say.ts';

/** The plan in full: for people its undo as a table, for programs the documented JSON. */
export async function showPlan(report: Report, json: boolean): Promise<void> {
  const { environment, outcome, plan, tree } = report;
  if (!plan) return json ? answerJson(report) : undefined;
  const details = await readDetails(await siteOf(projectPlace(), environment), plan);
  const { digest, unchanged } = plan;
  const whole: PlanAnswer = {
    environment,
    outcome,
    digest,
    unchanged,
    ...(tree && { tree }),
    details,
  };
  if (json) answerJson(whole);
  else for (const line of undoTable(details.undo)) answer(line);
}
