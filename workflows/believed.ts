import { ApplicationFailure, workflowInfo } from '@temporalio/workflow';
import { refusedCode, refusedTexts } from '../src/refused-payload.ts';

/**
 * The same workflow, refused by name where an input was sent without the codec key. A run that stood
 * before there was a key does not end by that: it waits until its worker may read what it began with.
 */
export function believing<In extends readonly unknown[], Out>(
  run: (...inputs: In) => Promise<Out>,
) {
  return async (...inputs: In): Promise<Out> => {
    const code = inputs.map(refusedCode).find((refused) => refused !== undefined);
    if (code !== undefined && workflowInfo().unsafe.isReplaying)
      throw new Error(
        `${code}: this run started before; WINDLASS_CODEC_PLAINTEXT=accept lets it end`,
      );
    for (const input of inputs) believed(input);
    return run(...inputs);
  };
}

/** The value, unless it stands for a payload that was refused. */
export function believed<T>(value: T): T {
  const code = refusedCode(value);
  if (code === undefined) return value;
  const { what, why, fix } = refusedTexts[code];
  throw ApplicationFailure.nonRetryable(what, code, { why, fix });
}
