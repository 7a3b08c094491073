import { Failure } from '../failure.ts';

/** There is no ssh-keygen on this machine. */
export function programMissing(): Failure {
  return new Failure({
    code: 'PROGRAM_MISSING',
    what: 'ssh-keygen cannot be started',
    why: 'it makes and checks signatures, and is not on PATH',
    fix: 'Install OpenSSH’s client (Debian: `apt-get install openssh-client`).',
  });
}
