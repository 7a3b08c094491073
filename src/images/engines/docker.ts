import { readFile } from 'node:fs/promises';
import { answerOf } from '../../container-runner.ts';
import { buildOptions } from './engine.ts';
import type { Engine } from './engine.ts';
import { runLogged } from './run-logged.ts';

/** Docker with buildx; from Docker 25 on, what it exports is an OCI layout as well. */
export const docker: Engine = {
  name: 'docker buildx',
  held: async (reference) => {
    const format = '{{if .RepoDigests}}{{index .RepoDigests 0}}{{else}}{{.Id}}{{end}}';
    const found = await answerOf('docker', ['image', 'inspect', '--format', format, reference]);
    return found && found.slice(found.indexOf('@') + 1);
  },
  fetch: async (reference) => {
    const args = ['pull', '--quiet', '--platform', 'linux/amd64', reference];
    const ended = await (await import('execa')).execa('docker', args, { reject: false });
    if (ended.exitCode !== 0) throw new Error(ended.stderr.trim().split('\n').at(-1));
  },
  build: async (asked) => {
    const metadata = `${asked.archive}.metadata.json`;
    const output = ['--output', `type=docker,dest=${asked.archive}`, '--tag', asked.keptAs];
    const plain = ['--provenance=false', '--sbom=false', '--progress', 'plain'];
    const args = ['buildx', 'build', ...plain, ...buildOptions(asked), ...output];
    const written = ['--metadata-file', metadata];
    const what = `docker buildx cannot build ${asked.keptAs}`;
    await runLogged('docker', [...args, ...written, asked.context], { log: asked.log, what });
    return JSON.parse(await readFile(metadata, 'utf8').catch(() => 'null'));
  },
};
