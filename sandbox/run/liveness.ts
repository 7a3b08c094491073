import type { World } from '../world.ts';
import type { Container } from './container.ts';
import { writeLog } from './logs.ts';
import { askProbe } from './probe.ts';
import type { RevisionRecord } from './records.ts';
import { ingressContainer, readTemplate } from './template.ts';
import { held } from '../../src/held.ts';

/** Ends a container whose liveness probe fails as often as its threshold says (default 3). */
export function watchLiveness(world: World, revision: RevisionRecord, container: Container): void {
  const probe = ingressContainer(readTemplate(revision.template)).livenessProbe;
  if (probe === undefined) return;
  const { periodSeconds = 10, failureThreshold = 3 } = probe;
  let failures = 0;
  async function ask(): Promise<void> {
    failures = (await askProbe(probe ?? {}, container.address)) ? 0 : failures + 1;
    if (failures < failureThreshold) return;
    clearInterval(timer);
    const text = 'LIVENESS probe failed too often: the instance is shut down.';
    writeLog(world, revision, 'varlog/system', { text, severity: 'ERROR' });
    await container.process.stop();
  }
  const timer = setInterval(() => void held(ask()), periodSeconds * 1000).unref();
  void held(container.process.exited.then(() => clearInterval(timer)));
}
