import type { DataSource } from '../engine/resource.ts';
import { clientConfigData } from './client-config.ts';
import { projectData } from './project.ts';

/** Every data source of the stand-in, one file each. */
export const dataSources: readonly DataSource[] = [clientConfigData, projectData];
