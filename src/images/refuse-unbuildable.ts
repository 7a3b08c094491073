import { Failure } from '../failure.ts';

/** The Failure for services whose image could not start in the clouds: files without a base image. */
export function refuseBare(environment: string, services: readonly string[]): void {
  if (services.length === 0) return;
  throw new Failure({
    code: 'IMAGE_NOT_STARTABLE',
    what: `${environment} is in the cloud, and there is no image that can run there for ${services.join(', ')}`,
    why: 'an image of a folder alone has no operating system and no interpreter: only the sandbox can run it, as a process',
    fix: `Write a Dockerfile into the folder of each, or name an image: \`services.${services[0]}.image: HOST/PATH:TAG\`.`,
  });
}

/** The Failure for services that have a Dockerfile where nothing can build it. */
export function noBuilder(environment: string, services: readonly string[]): Failure {
  return new Failure({
    code: 'IMAGE_NOT_STARTABLE',
    what: `${environment} is in the cloud, and nothing here can build the image of ${services.join(', ')}`,
    why: `there is no docker with buildx, no buildah and no podman that works, and WINDLASS_BUILDER keeps Google Cloud Build out`,
    fix: `Unset WINDLASS_BUILDER, install one of them, or name an image that was built elsewhere: \`services.${services[0]}.image: HOST/PATH:TAG\`.`,
  });
}
