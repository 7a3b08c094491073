import type { Issue } from './issue.ts';
import { runLimits } from './run-limits.ts';

const { reservedPrefix, variableBytes, variables } = runLimits;
const reserved: ReadonlySet<string> = new Set(runLimits.reservedVariables);

/** Variables that Cloud Run refuses, or sets itself. */
export function variableIssues(env: Readonly<Record<string, string>>): readonly Issue[] {
  const keys = Object.keys(env);
  const many = `has ${keys.length} variables: Cloud Run takes ${variables}`;
  return [
    ...(keys.length > variables ? [{ path: ['env'], message: many, fix: 'Mount a file.' }] : []),
    ...Object.entries(env).flatMap(([key, value]) => issueOf(key, value)),
  ];
}

function issueOf(key: string, value: string): readonly Issue[] {
  const path = ['env', key];
  if (reserved.has(key) || key.startsWith(reservedPrefix)) {
    const instead = key === 'PORT' ? 'Remove it, and write `port` beside `env`' : 'Remove it';
    const message = 'is a variable that Cloud Run sets itself';
    return [{ path, message, fix: `${instead}, or give it another name.` }];
  }
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(key)) {
    const message = 'is not a valid variable name: letters, digits and underscores, no digit first';
    return [{ path, message, fix: `Call it \`${asName(key)}\`.` }];
  }
  if (Buffer.byteLength(value) <= variableBytes) return [];
  const message = `has ${Buffer.byteLength(value)} bytes: Cloud Run takes ${variableBytes}`;
  return [{ path, message, fix: 'Add it to the image as a file.' }];
}

function asName(key: string): string {
  return key.replaceAll(/[^A-Za-z0-9_]/g, '_').replace(/^(?=\d|$)/, '_');
}
