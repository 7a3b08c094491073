import { dirname, relative, resolve } from 'node:path';
import { inSources } from './project-sources.ts';
import { unheldPromises } from './promises/unheld.ts';

const project = resolve(process.argv[2] ?? 'tsconfig.json');
const own = /^(?!(.*\/)?node_modules\/)/;
const lines = complaints(project);
for (const line of lines) process.stdout.write(`${line}\n`);
process.exitCode = lines.length === 0 ? 0 : 1;

/** One line for each promise of a project that may reject while nobody listens to it. */
function complaints(config: string): readonly string[] {
  return inSources(config, own, (file, name, checker) =>
    unheldPromises(file, checker).map(({ position, why }) => {
      const { line, character } = file.getLineAndCharacterOfPosition(position);
      const shown = relative(process.cwd(), resolve(dirname(config), name));
      return `${shown}:${line + 1}:${character + 1} this promise ${why}`;
    }),
  );
}
