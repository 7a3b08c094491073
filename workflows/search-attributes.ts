import { SearchAttributeType, defineSearchAttributeKey } from '@temporalio/common';

/** The search attributes of every run; the server must know them (`--search-attribute`). */
export const environmentKey = defineSearchAttributeKey('Environment', SearchAttributeType.KEYWORD);
export const phaseKey = defineSearchAttributeKey('Phase', SearchAttributeType.KEYWORD);
export const releaseKey = defineSearchAttributeKey('Release', SearchAttributeType.KEYWORD);
