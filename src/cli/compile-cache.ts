import { enableCompileCache } from 'node:module';
import { programCache } from '../program-files.ts';

/**
 * Keeps compiled code between processes, beside the code itself: compiling anew takes as long as a
 * whole command. Whoever starts a command says where otherwise by NODE_COMPILE_CACHE, which the
 * processes that it starts inherit.
 */
export function keepCompiledCode(): void {
  const folder = programCache('compile-cache');
  process.env['NODE_COMPILE_CACHE'] ??= folder;
  enableCompileCache(process.env['NODE_COMPILE_CACHE']);
}
