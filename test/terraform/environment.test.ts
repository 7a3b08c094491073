import { expect, test } from 'vitest';
import { terraformEnvironment } from '../../src/terraform/environment.ts';

const hostile = {
  PATH: '/bin',
  HOME: '/home/me',
  TF_CLI_ARGS_apply: '-auto-approve',
  TF_VAR_services: '{}',
  TF_LOG: 'TRACE',
  TF_WORKSPACE: 'other',
  TF_REATTACH_PROVIDERS: '{}',
  TF_CLI_CONFIG_FILE: '/home/me/.terraformrc',
  GOOGLE_APPLICATION_CREDENTIALS: '/home/me/other-project.json',
  AWS_SECRET_ACCESS_KEY: 'x',
};

test('nothing but the allow-list is inherited', () => {
  expect(terraformEnvironment(hostile, '/data', {})).toEqual({
    PATH: '/bin',
    HOME: '/home/me',
    TF_DATA_DIR: '/data',
    TF_IN_AUTOMATION: '1',
    TF_INPUT: '0',
    CHECKPOINT_DISABLE: '1',
  });
});

test('the doors of an environment reach Terraform', () => {
  const doors = {
    GOOGLE_STORAGE_CUSTOM_ENDPOINT: 'http://127.0.0.1:1/storage/v1/',
    GOOGLE_OAUTH_ACCESS_TOKEN: 't',
    TF_REATTACH_PROVIDERS: '{"a":1}',
    TF_CLI_CONFIG_FILE: '/mirror.tfrc',
  };
  expect(terraformEnvironment(hostile, '/data', doors)).toMatchObject(doors);
});

test.each(['TF_CLI_ARGS', 'TF_VAR_x', 'TF_LOG', 'LD_PRELOAD', 'GOOGLE_', 'TF_DATA_DIR'])(
  '%s cannot be smuggled in as a door',
  (key) => {
    expect(() => terraformEnvironment({}, '/data', { [key]: 'x' })).toThrow(
      `${key} cannot be passed to Terraform`,
    );
  },
);
