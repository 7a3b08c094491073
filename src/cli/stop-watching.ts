import { say } from './output/say.ts';

/** Makes Ctrl-C end the watching, not the run, and say so; exit code 130. */
export function stopWatching(workflowId: string): { readonly stop: () => void } {
  const onSignal = (): void => {
    say('');
    say(`You stopped watching; the run ${workflowId} continues.`);
    const environment = workflowId.split('/').at(-1);
    say(`  follow it:     bin/windlass status -e ${environment} --watch`);
    say(`  stop it:       make ${environment}-rollback   (a rollback itself continues)`);
    process.exit(130);
  };
  process.once('SIGINT', onSignal);
  return { stop: () => void process.off('SIGINT', onSignal) };
}
