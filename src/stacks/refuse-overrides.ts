import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Failure } from '../failure.ts';

// Terraform reads these by itself, beside the variables and the backend that the site gives it.
const unasked = /(\.auto|^terraform)\.tfvars(\.json)?$|(^|_)override\.tf(\.json)?$|\.tfbackend$/;
const backendWithSettings = /\bbackend\s+"\w+"\s*\{\s*[^\s}]/;

/** Refuses a stack whose own files would choose another backend or other variables than the site's. */
export async function refuseOverrides(stackDir: string): Promise<void> {
  for (const file of (await readdir(stackDir)).toSorted()) {
    if (unasked.test(file)) throw overridden(file, 'Terraform would read it beside ours');
    if (!file.endsWith('.tf')) continue;
    const text = await readFile(join(stackDir, file), 'utf8');
    if (backendWithSettings.test(text)) throw overridden(file, 'it gives the backend settings');
  }
}

function overridden(file: string, why: string): Failure {
  return new Failure({
    code: 'STACK_OVERRIDDEN',
    what: `${file} would choose another backend or other variables`,
    why: `${why}; bucket and variables come from windlass.yaml, so that they cannot disagree`,
    fix: `Remove ${file} from the stack and set it in windlass.yaml.`,
  });
}
