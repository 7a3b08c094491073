import { describe, expect, it } from 'vitest';
import { basesOf, withBases } from '../../../src/images/dockerfile/bases.ts';
import { readDockerfile } from '../../../src/images/dockerfile/stages.ts';
import { startOf } from '../../../src/images/dockerfile/start.ts';

const read = (text: string, target?: string, args: Record<string, string> = {}) =>
  readDockerfile(text, { path: 'app/Dockerfile', target, args });
const names = (text: string, target?: string, args?: Record<string, string>) =>
  basesOf(read(text, target, args)).map(({ name }) => name);

describe('the base images of a Dockerfile', () => {
  it.each([
    ['one stage', 'FROM python:3.13-slim\nRUN x', ['python:3.13-slim']],
    ['lower case and spaces', '  from  node:22   as web\n', ['node:22']],
    ['a platform flag', 'FROM --platform=$BUILDPLATFORM golang:1.25 AS b', ['golang:1.25']],
    ['an earlier stage', 'FROM a AS x\nFROM X', ['a']],
    ['nothing', 'FROM scratch\nCOPY x /', []],
    ['a default', 'ARG V=3.13\nFROM python:${V}-slim', ['python:3.13-slim']],
    ['a default in place', 'ARG V\nFROM python:${V:-3.12}', ['python:3.12']],
    ['COPY from an image', 'FROM a\nCOPY --from=busybox:1 /x /y', ['a', 'busybox:1']],
    ['COPY from a stage by number', 'FROM a\nFROM b\nCOPY --from=0 /x /', ['b', 'a']],
    ['a mount', 'FROM a\nRUN --mount=type=bind,from=tools:2,target=/t x', ['a', 'tools:2']],
    ['a stage that nobody needs', 'FROM a AS unused\nFROM b', ['b']],
    ['comments, continuations', '# FROM no\nFROM a\nRUN x \\\n# FROM b\n  y\n', ['a']],
    ['a here-document', 'FROM a\nRUN <<EOF\nFROM b\nEOF\nCOPY x /', ['a']],
    ['another escape', '# escape=`\nFROM a\nRUN x `\n  FROM', ['a']],
    ['a digest', `FROM a@sha256:${'0'.repeat(64)}`, [`a@sha256:${'0'.repeat(64)}`]],
    ['windows line ends', 'FROM a\r\nRUN x\r\n', ['a']],
  ])('with %s', (_what, text, bases) => {
    expect(names(text)).toEqual(bases);
  });

  it('follow the target and the arguments', () => {
    const text = 'ARG BASE=a\nFROM ${BASE} AS build\nFROM b AS run\nCOPY --from=build /x /\nFROM c';
    expect(names(text, 'build')).toEqual(['a']);
    expect(names(text, 'run', { BASE: 'z' })).toEqual(['b', 'z']);
    expect(names(text)).toEqual(['c']);
  });

  it('are replaced where they stand and nowhere else', () => {
    const text =
      'ARG V=1\nFROM python:$V AS p\nRUN echo python:1\nFROM p\nCOPY --from=python:1 /a /b\n';
    const dockerfile = read(text);
    const replaced = withBases(dockerfile, basesOf(dockerfile), new Map([['python:1', 'd@x']]));
    expect(replaced).toBe(
      'ARG V=1\nFROM d@x AS p\nRUN echo python:1\nFROM p\nCOPY --from=d@x /a /b\n',
    );
  });
});

describe('a Dockerfile is refused with the reason', () => {
  it.each([
    ['RUN x', undefined, /no FROM/],
    ['', undefined, /no FROM/],
    ['FROM a AS one\nFROM b', 'two', /no stage 'two'; it has one, \(unnamed\)/],
    ['FROM a\nFROM $NOTHING', undefined, /Line 2: FROM \$NOTHING names no image/],
  ])('%j, target %j', (text, target, why) => {
    expect(() => read(text, target)).toThrow(
      expect.objectContaining({ code: 'DOCKERFILE_INVALID', why: expect.stringMatching(why) }),
    );
  });
});

describe('the command of a Dockerfile', () => {
  it.each([
    ['CMD ["python", "main.py"]', ['python', 'main.py']],
    ['CMD python main.py', ['/bin/sh', '-c', 'python main.py']],
    ['ENTRYPOINT ["serve"]\nCMD ["--port", "1"]', ['serve', '--port', '1']],
    ['CMD ["old"]\nENTRYPOINT ["serve"]', ['serve']],
    ['CMD ["a"]\nCMD ["b"]', ['b']],
    ['RUN x', []],
  ])('%j', (body, command) => {
    expect(startOf(read(`FROM a\n${body}`), {}).command).toEqual(command);
  });

  it('comes with the folder and the variables of every stage that it stands on', () => {
    const text =
      'FROM a AS base\nENV A=1 B="two words"\nWORKDIR /srv\nFROM base\nARG C=3\nENV D=$C-$A E x y\nWORKDIR app\nCMD ["x"]';
    expect(startOf(read(text), { C: '4' })).toEqual({
      command: ['x'],
      fixed: 0,
      workdir: '/srv/app',
      env: { A: '1', B: 'two words', D: '4-1' },
    });
  });
});
