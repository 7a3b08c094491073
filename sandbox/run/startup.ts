import { setTimeout as sleep } from 'node:timers/promises';
import { GoogleError } from '../google/http.ts';
import type { Container } from './container.ts';
import { askProbe, probeBudgetMs } from './probe.ts';
import type { Probe } from './template.ts';
import { held } from '../../src/held.ts';

const POLL_MS = 50;

/** What the startup check looks at; `patienceMs` is added because this machine is no data centre. */
export interface StartupCheck {
  readonly probe: Probe;
  readonly containerPort: number;
  readonly patienceMs: number;
}

/**
 * Waits until the startup probe succeeds. FAILED_PRECONDITION in Cloud Run's words where the
 * container ends before, or is not there when the probe has used up its tries.
 */
export async function awaitStartup(container: Container, check: StartupCheck): Promise<void> {
  let ended: string | undefined;
  void held(container.process.exited.then((how) => (ended = how)));
  const deadline = Date.now() + probeBudgetMs(check.probe) + check.patienceMs;
  while (Date.now() < deadline) {
    if (ended !== undefined) throw notListening(check.containerPort);
    if (await askProbe(check.probe, container.address)) return;
    await sleep(POLL_MS);
  }
  throw check.probe.httpGet === undefined ? notListening(check.containerPort) : probeFailed();
}

function notListening(port: number): GoogleError {
  return new GoogleError(
    'FAILED_PRECONDITION',
    'The user-provided container failed to start and listen on the port defined provided by the ' +
      `PORT=${port} environment variable within the allocated timeout. This can happen when the ` +
      'container port is misconfigured or if the timeout is too short. The health check timeout ' +
      'can be extended. Logs for this revision might contain more information.',
  );
}

function probeFailed(): GoogleError {
  return new GoogleError(
    'FAILED_PRECONDITION',
    'The user-provided container failed the configured startup probe checks. ' +
      'Logs for this revision might contain more information.',
  );
}
