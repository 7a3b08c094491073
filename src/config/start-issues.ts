import type { Issue } from './issue.ts';
import { looksSecretWord } from './looks-secret.ts';

interface Started {
  readonly command?: readonly string[] | undefined;
  readonly args?: readonly string[] | undefined;
}

/** Words of a command line that hold a secret: they stand in state, plans and on Cloud Run's page. */
export function startIssues(service: Started): readonly Issue[] {
  return (['command', 'args'] as const).flatMap((key) =>
    (service[key] ?? []).flatMap((word, index) =>
      looksSecretWord(word)
        ? [
            {
              path: [key, String(index)],
              message: 'looks like a secret, and anyone who may view the service can read it',
              fix: 'Declare it under `secrets`, and give the program the path of its file.',
            },
          ]
        : [],
    ),
  );
}
