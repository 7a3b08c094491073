import { Command } from '@commander-js/extra-typings';
import { ApplicationFailure } from '@temporalio/common';
import { z } from 'zod';
import { Failure } from '../../failure.ts';
import type { Report } from '../../report.ts';
import { actor, environmentOption } from '../options.ts';
import { say } from '../output/say.ts';
import { workflowIdOf } from '../start-run.ts';
import { withClient } from '../with-client.ts';

const Texts = z.object({ why: z.string(), fix: z.string() });

/** `windlass approve DIGEST`: lets exactly that plan go on. */
export function approveCommand() {
  return new Command('approve')
    .description('approve the plan that a run waits with')
    .argument('<digest>', 'the plan’s digest, or its first 12 digits')
    .addOption(environmentOption())
    .action(async (digest, { environment }) => {
      await withClient(async (client) => {
        const handle = client.workflow.getHandle(workflowIdOf(environment));
        const { plan } = await handle.query<Report>('report');
        const whole = plan && digest.length >= 12 && plan.digest.startsWith(digest);
        const said = { digest: whole ? plan.digest : digest, actor: actor() };
        await handle.executeUpdate('approve', { args: [said] }).catch((cause: unknown) => {
          throw refused(cause);
        });
      });
      say(`Approved. The run of ${environment} goes on.`);
    });
}

/** The run's own refusal, with its own code; nothing was touched. */
function refused(cause: unknown): Failure {
  const inner = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause;
  const code = inner instanceof ApplicationFailure ? inner.type : undefined;
  const texts =
    inner instanceof ApplicationFailure ? Texts.safeParse(inner.details?.[0]) : undefined;
  return new Failure({
    code: code ?? 'APPROVAL_REFUSED',
    what: 'The approval was refused; nothing was touched',
    why: texts?.data?.why ?? (inner instanceof Error ? inner.message : String(inner)),
    fix: texts?.data?.fix ?? 'Look at the plan again and approve the digest that it shows.',
    cause,
  });
}
