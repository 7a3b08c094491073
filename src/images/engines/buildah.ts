import { answerOf } from '../../container-runner.ts';
import { buildOptions } from './engine.ts';
import type { Engine } from './engine.ts';
import { runLogged } from './run-logged.ts';

/**
 * Buildah, or podman, which carries the same builder. RUN works in a chroot: the one isolation that
 * needs no rights of its own, so it works in a container too.
 */
export function buildahLike(program: 'buildah' | 'podman'): Engine {
  return {
    name: program,
    held: async (reference) => {
      const args =
        program === 'buildah'
          ? ['inspect', '--type', 'image', '--format', '{{.FromImageDigest}}', reference]
          : ['image', 'inspect', '--format', '{{.Digest}}', reference];
      return (await answerOf(program, args)) || undefined;
    },
    fetch: async (reference) => {
      const ended = await (
        await import('execa')
      ).execa(program, ['pull', '--quiet', reference], { reject: false });
      if (ended.exitCode !== 0) throw new Error(ended.stderr.trim().split('\n').at(-1));
    },
    build: async (asked) => {
      const what = `${program} cannot build ${asked.keptAs}`;
      const where = { log: asked.log, what };
      const isolated = ['--isolation', 'chroot', '--layers', '--format', 'oci', '--pull=false'];
      const args = ['build', ...isolated, ...buildOptions(asked), '--tag', asked.keptAs];
      await runLogged(program, [...args, asked.context], where);
      const push = ['push', '--quiet', asked.keptAs, `oci-archive:${asked.archive}`];
      await runLogged(program, push, where);
      return undefined;
    },
  };
}
