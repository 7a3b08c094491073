import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';

const down = join(import.meta.dirname, '..', '..', 'sandbox', 'down.ts');
let disk = '';
let mounted = false;

beforeEach(() => {
  disk = mkdtempSync(join(tmpdir(), 'windlass-full-'));
  try {
    const options = { stdio: 'ignore' } as const;
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'none', disk], options);
    mounted = true;
  } catch {
    mounted = false; // only root may
  }
});

afterEach(() => {
  if (mounted) execFileSync('umount', [disk]);
  rmSync(disk, { recursive: true });
});

it('can be taken down on a full disk, and leaves no half-written lock', async ({ skip }) => {
  skip(!mounted, 'nothing can be mounted here');
  mkdirSync(join(disk, 'home', 'run'), { recursive: true });
  expect(() => writeFileSync(join(disk, 'filler'), Buffer.alloc(128 * 1024))).toThrow('ENOSPC');
  const child = spawn(process.execPath, [down, '--home', join(disk, 'home')]);
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (said += text));
  const code = await new Promise((resolve) => child.on('close', resolve));
  expect(code, said).toBe(0);
  expect(readdirSync(join(disk, 'home', 'run'))).toEqual([]);
});
