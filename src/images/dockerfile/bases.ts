import { stageAt } from './stages.ts';
import type { Dockerfile, Stage } from './stages.ts';
import type { Instruction } from './parse.ts';

/** An image from elsewhere that a build starts from or copies out of. */
export interface Base {
  /** The name as the expanded Dockerfile gives it. */
  readonly name: string;
  /** Where it stands, and the words there that mean it. */
  readonly uses: readonly { readonly line: Instruction; readonly written: string }[];
}

/** The images that the target needs, each once; stages that it does not need bring none. */
export function basesOf(dockerfile: Dockerfile): readonly Base[] {
  const found = new Map<string, Base['uses'][number][]>();
  const add = (name: string, line: Instruction, written: string): void => {
    found.set(name, [...(found.get(name) ?? []), { line, written }]);
  };
  const seen = new Set<Stage>();
  const visit = (stage: Stage): void => {
    if (seen.has(stage)) return;
    seen.add(stage);
    const before = dockerfile.stages.slice(0, dockerfile.stages.indexOf(stage));
    const use = (name: string, line: Instruction, written: string): void => {
      const other = before[stageAt(before, name)];
      if (other) visit(other);
      else if (name !== 'scratch') add(name, line, written);
    };
    use(stage.base, stage.from, stage.from.rest.split(/\s+/)[0] ?? stage.base);
    for (const line of stage.body) for (const name of takenBy(line)) use(name, line, name);
  };
  visit(dockerfile.target);
  return [...found].map(([name, uses]) => ({ name, uses }));
}

/** Names in `COPY --from=` and `RUN --mount=…,from=`. */
function takenBy({ keyword, flags }: Instruction): readonly string[] {
  if (keyword === 'COPY' || keyword === 'ADD') return flags['from'] ? [flags['from']] : [];
  if (keyword !== 'RUN') return [];
  return [...(flags['mount'] ?? '').matchAll(/(?:^|[,\s])from=([^,\s]+)/g)].map(
    ([, name = '']) => name,
  );
}

/** The Dockerfile with bases replaced by other names, such as those with a digest. */
export function withBases(
  { text }: Dockerfile,
  bases: readonly Base[],
  replaced: ReadonlyMap<string, string>,
): string {
  const lines = text.split('\n');
  for (const { name, uses } of bases) {
    const other = replaced.get(name);
    if (other === undefined) continue;
    for (const { line, written } of uses)
      for (let at = line.first; at <= line.last; at += 1)
        lines[at] = (lines[at] ?? '').replace(
          whole(written),
          (_all, before: string) => `${before}${other}`,
        );
  }
  return lines.join('\n');
}

/** The word where it stands by itself, or behind `from=`. */
function whole(word: string): RegExp {
  return new RegExp(`(^|[\\s=])${word.replaceAll(/[$()*+.?[\\\]^{|}]/g, '\\$&')}(?=[\\s,]|$)`);
}
