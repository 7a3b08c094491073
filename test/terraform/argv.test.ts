import { expect, test } from 'vitest';
import { applyArgs } from '../../src/terraform/apply.ts';
import { forceUnlockArgs } from '../../src/terraform/force-unlock.ts';
import { initArgs } from '../../src/terraform/init.ts';
import { outputArgs } from '../../src/terraform/output.ts';
import { planArgs } from '../../src/terraform/plan.ts';
import { showArgs } from '../../src/terraform/show.ts';
import { statePullArgs } from '../../src/terraform/state-pull.ts';
import { statePushArgs } from '../../src/terraform/state-push.ts';
import { untaintArgs } from '../../src/terraform/untaint.ts';
import { versionArgs } from '../../src/terraform/version.ts';

const golden: readonly (readonly [name: string, argv: readonly string[], words: string])[] = [
  [
    'init names bucket and prefix, and no credential',
    initArgs({ bucket: 'p-state', prefix: '10-foundation' }),
    'init -input=false -no-color -reconfigure -backend-config=bucket=p-state -backend-config=prefix=10-foundation',
  ],
  [
    'plan saves the plan and tells by its exit code whether there is one',
    planArgs({ out: '/r/plan', varFile: '/r/v.json' }),
    'plan -input=false -no-color -json -detailed-exitcode -lock-timeout=120s -var-file=/r/v.json -out=/r/plan',
  ],
  [
    'a destruction is planned, too',
    planArgs({ out: '/r/plan', mode: 'destroy', lockTimeoutSeconds: 5, targets: ['a.b', 'c.d'] }),
    'plan -input=false -no-color -json -detailed-exitcode -lock-timeout=5s -destroy -target=a.b -target=c.d -out=/r/plan',
  ],
  [
    'drift is looked for without a change',
    planArgs({ out: '/r/plan', mode: 'refresh-only' }),
    'plan -input=false -no-color -json -detailed-exitcode -lock-timeout=120s -refresh-only -out=/r/plan',
  ],
  [
    'whoever only looks holds nobody up',
    planArgs({ out: '/r/plan', unlocked: true }),
    'plan -input=false -no-color -json -detailed-exitcode -lock=false -out=/r/plan',
  ],
  [
    'apply takes a saved plan and never -auto-approve',
    applyArgs({ planFile: '/r/plan' }),
    'apply -input=false -no-color -json -lock-timeout=120s -parallelism=10 /r/plan',
  ],
  ['show', showArgs('/r/plan'), 'show -no-color -json /r/plan'],
  ['output', outputArgs(), 'output -no-color -json'],
  ['state pull', statePullArgs(), 'state pull'],
  ['state push is never forced', statePushArgs('-'), 'state push -lock-timeout=120s -'],
  ['force-unlock names its lock', forceUnlockArgs('17'), 'force-unlock -force 17'],
  [
    'untaint succeeds where there is nothing to do',
    untaintArgs('module.callees["a"].x.y', 7),
    'untaint -no-color -lock-timeout=7s -allow-missing module.callees["a"].x.y',
  ],
  ['version', versionArgs(), 'version -json'],
];

test.each(golden)('%s', (_name, argv, words) => {
  expect(argv.join(' ')).toBe(words);
});
