/** The conditions that services, jobs and worker pools report. */
export const runCondition = [
  'list',
  [
    'object',
    {
      execution_reason: 'string',
      last_transition_time: 'string',
      message: 'string',
      reason: 'string',
      revision_reason: 'string',
      severity: 'string',
      state: 'string',
      type: 'string',
    },
  ],
] as const;
