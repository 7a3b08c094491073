import { dirname, relative, resolve } from 'node:path';
import type { SourceFile } from 'typescript/unstable/ast';
import { API } from 'typescript/unstable/sync';
import type { Checker } from 'typescript/unstable/sync';

/** What `read` finds in each file of a TypeScript project whose path fits; declarations are left out. */
export function inSources<T>(
  config: string,
  path: RegExp,
  read: (file: SourceFile, name: string, checker: Checker) => readonly T[],
): readonly T[] {
  const root = dirname(resolve(config));
  const api = new API({ cwd: root });
  try {
    const [opened] = api.updateSnapshot({ openProjects: [resolve(config)] }).getProjects();
    if (opened === undefined) throw new Error(`${config} is no TypeScript project`);
    const { program, checker } = opened;
    return program.getSourceFileNames().flatMap((name) => {
      const own = relative(root, name);
      const file = path.test(own) ? program.getSourceFile(name) : undefined;
      return file === undefined || file.isDeclarationFile ? [] : read(file, own, checker);
    });
  } finally {
    api.close();
  }
}
