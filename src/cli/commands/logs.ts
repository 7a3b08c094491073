import { Command } from '@commander-js/extra-typings';
import { siteOf } from '../../endpoints.ts';
import { Failure } from '../../failure.ts';
import { projectPlace } from '../../place.ts';
import type { LogLine } from '../../gcp/logs.ts';
import { lineFor, toldLine } from '../logs/log-lines.ts';
import { followLogs, newestLogs } from '../logs/service-logs.ts';
import { whose, secondsIn } from '../logs/wanted.ts';
import { environmentOption, limitOption } from '../options.ts';
import { whileAsking } from '../output/pulse.ts';
import { answer, say } from '../output/say.ts';
import { untilStopped } from '../until-stopped.ts';

interface Flags {
  readonly environment: string;
  readonly follow?: true | undefined;
  readonly since: string;
  readonly limit: number;
  readonly json?: true | undefined;
}

/** `windlass logs [NAME]`: the lines of the services, of one of them, or of a step of the newest run. */
export function logsCommand() {
  return new Command('logs')
    .description('show the log lines of services, or of a step of the newest run')
    .argument('[service|step]', 'default: all services')
    .addOption(environmentOption())
    .option('-f, --follow', 'go on with new lines until Ctrl-C')
    .option('--since <time>', 'how far to look back: 90s, 10m, 24h, 7d', '1d')
    .addOption(limitOption('lines, the newest').default(100))
    .option('--json', 'a line of JSON for each')
    .action(async (name, flags) => {
      const since = secondsIn(flags.since);
      const site = await siteOf(projectPlace(), flags.environment);
      const wanted = whose(name, Object.keys(site.config.services));
      if ('services' in wanted) return ofServices(site, { ...flags, since, ...wanted });
      if (flags.follow) throw notFollowed(wanted.step, flags.environment);
      await (await import('../logs/say-step.ts')).sayStep(wanted.step, flags);
    });
}

type Site = Awaited<ReturnType<typeof siteOf>>;
type Wanted = Omit<Flags, 'since'> & {
  readonly services: readonly string[];
  readonly since: number;
};

async function ofServices({ google, name, config }: Site, asked: Wanted): Promise<void> {
  const kinds = Object.fromEntries(
    Object.entries(config.services).map(([service, { kind }]) => [service, kind]),
  );
  const wanted = { ...asked, kinds };
  const widest = Math.max(0, ...wanted.services.map((service) => service.length));
  const tell = (line: LogLine): void =>
    answer(wanted.json ? JSON.stringify(toldLine(line)) : lineFor(line, widest));
  const shown = await newestLogs(google, wanted);
  for (const line of shown) tell(line);
  if (wanted.follow)
    return whileAsking(() =>
      untilStopped((signal) => followLogs(google, { ...wanted, shown, signal }, tell)),
    );
  if (shown.length === 0)
    say(`no lines; to look further back: windlass logs -e ${name} --since 7d`);
}

function notFollowed(step: string, environment: string): Failure {
  return new Failure({
    code: 'USAGE',
    what: '--follow is for services',
    why: `${step} is a step of a run`,
    fix: `Follow the run: \`windlass status -e ${environment} --watch\`.`,
  });
}
