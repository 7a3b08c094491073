import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { Failure } from '../../src/failure.ts';
import { programFile } from '../../src/program-files.ts';

const Port = z.coerce.number().int().min(0).max(65_535).optional();
const Options = z.object({
  home: z.string(),
  'api-port': Port,
  'temporal-port': Port,
  'ui-port': Port,
  'no-temporal': z.boolean().default(false),
  'temporal-address': z.string().optional(),
  'temporal-ui': z.string().optional(),
  project: z.array(z.string()).default([]),
  organization: z.array(z.string()).default([]),
  'wall-off': z.array(z.string()).default([]),
});

/** What `sandbox/up.ts` was told; a port that is absent or 0 may be any. */
export interface UpOptions {
  readonly home: string;
  readonly apiPort: number | undefined;
  readonly temporalPort: number | undefined;
  readonly uiPort: number | undefined;
  /** The address of a Temporal that others run; undefined = start one. */
  readonly temporalAddress: string | undefined;
  readonly temporalUi: string | undefined;
  /** Google projects and Supabase organizations that there must be. */
  readonly projects: readonly string[];
  readonly organizations: readonly string[];
  /** Walls of the clouds that shall not stand. */
  readonly lowered: readonly string[];
}

const flags = {
  home: { type: 'string' },
  'api-port': { type: 'string' },
  'temporal-port': { type: 'string' },
  'ui-port': { type: 'string' },
  'no-temporal': { type: 'boolean' },
  'temporal-address': { type: 'string' },
  'temporal-ui': { type: 'string' },
  project: { type: 'string', multiple: true },
  organization: { type: 'string', multiple: true },
  'wall-off': { type: 'string', multiple: true },
} as const;

/** Reads the command line; USAGE where it cannot be understood. */
export function upOptions(argv: readonly string[]): UpOptions {
  try {
    const { values } = parseArgs({ args: [...argv], options: flags });
    const { home = defaultHome(), ...rest } = values;
    return readable(Options.parse({ ...rest, home: resolve(home) }));
  } catch (error) {
    throw new Failure({
      code: 'USAGE',
      what: 'Invalid options for sandbox up.',
      why: error instanceof z.ZodError ? z.prettifyError(error) : String(error),
      fix: `Use: ${Object.keys(flags)
        .map((name) => `--${name}`)
        .join(' ')}`,
    });
  }
}

/** `WINDLASS_HOME`, else `.windlass` in the checkout. */
export function defaultHome(): string {
  return process.env['WINDLASS_HOME'] ?? programFile('.windlass');
}

function readable(options: z.infer<typeof Options>): UpOptions {
  const address = options['temporal-address'];
  if (options['no-temporal'] && address === undefined) {
    throw new Error('--no-temporal needs --temporal-address');
  }
  return {
    home: options.home,
    apiPort: options['api-port'],
    temporalPort: options['temporal-port'],
    uiPort: options['ui-port'],
    temporalAddress: address,
    temporalUi: options['temporal-ui'],
    projects: options.project,
    organizations: options.organization,
    lowered: options['wall-off'],
  };
}
