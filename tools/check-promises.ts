import { relative, resolve } from 'node:path';
import { API } from 'typescript/unstable/sync';
import { unheldPromises } from './promises/unheld.ts';

const project = resolve(process.argv[2] ?? 'tsconfig.json');
const lines = complaints(project);
for (const line of lines) process.stdout.write(`${line}\n`);
process.exitCode = lines.length === 0 ? 0 : 1;

/** One line for each promise of a project that may reject while nobody listens to it. */
function complaints(config: string): readonly string[] {
  const api = new API({ cwd: process.cwd() });
  try {
    const [opened] = api.updateSnapshot({ openProjects: [config] }).getProjects();
    if (opened === undefined) throw new Error(`${config} is no TypeScript project`);
    const { program, checker } = opened;
    const own = program.getSourceFileNames().filter((name) => !name.includes('/node_modules/'));
    return own.flatMap((name) => {
      const file = program.getSourceFile(name);
      if (file === undefined || file.isDeclarationFile) return [];
      return unheldPromises(file, checker).map(({ position, why }) => {
        const { line, character } = file.getLineAndCharacterOfPosition(position);
        return `${relative(process.cwd(), name)}:${line + 1}:${character + 1} this promise ${why}`;
      });
    });
  } finally {
    api.close();
  }
}
