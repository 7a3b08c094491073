import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Failure } from '../failure.ts';
import { placeHere } from '../place.ts';

/** A Failure where a project is here already, or this folder lies in one. */
export function refuseExisting(root: string): void {
  if (existsSync(join(root, 'windlass.yaml')))
    throw refusal(
      `${join(root, 'windlass.yaml')} already exists`,
      'Nothing is overwritten. Edit that file, or move it away first.',
    );
  if (process.env['WINDLASS_ROOT'] !== undefined) return;
  const above = dirname(root) === root ? undefined : placeHere()?.root;
  if (above !== undefined)
    throw refusal(
      `this folder belongs to the project in ${above}`,
      `Add the service to ${join(above, 'windlass.yaml')}; or, for a project of its own here: WINDLASS_ROOT=. windlass init`,
    );
}

function refusal(why: string, fix: string): Failure {
  return new Failure({ code: 'PROJECT_EXISTS', what: 'No project was created', why, fix });
}
