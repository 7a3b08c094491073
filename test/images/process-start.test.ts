import { expect, test } from 'vitest';
import { processStartOf } from '../../src/images/process-start.ts';
import { readDockerfile } from '../../src/images/dockerfile/stages.ts';

function startOf(body: string, own: { readonly split?: boolean; readonly told?: boolean } = {}) {
  const dockerfile = readDockerfile(`FROM a\n${body}`, {
    ...{ path: 'api/Dockerfile', target: undefined, args: {} },
  });
  const asked = { service: 'api', folder: '/nowhere', args: {}, split: false, told: false };
  return processStartOf(dockerfile, { ...asked, ...own });
}

test('ENTRYPOINT and CMD are one command, unless the service gives arguments of its own', () => {
  const body = 'ENTRYPOINT ["serve"]\nCMD ["--all"]';
  expect(startOf(body)).toEqual({ command: ['serve', '--all'], env: [] });
  expect(startOf(body, { split: true })).toMatchObject({ command: ['serve', '--all'], fixed: 1 });
});

test('a program that only the build would make needs an engine', () => {
  expect(() => startOf('CMD ["/app/serve"]')).toThrow('without a container engine');
  expect(() => startOf('RUN x')).toThrow('without a container engine');
});

test('what the image starts does not matter where the service says what is started', () => {
  expect(startOf('CMD ["/app/serve"]', { told: true })).toMatchObject({ command: ['/app/serve'] });
  expect(startOf('RUN x', { told: true })).toMatchObject({ command: [] });
});
