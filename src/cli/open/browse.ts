import { spawn } from 'node:child_process';

interface Screen {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: string;
  /** Somebody looks at the answer, and not a program. */
  readonly terminal: boolean;
}

/** The program that opens an address in a browser here; undefined where there is none. */
export function browserProgram({ env, platform, terminal }: Screen): string | undefined {
  if (!terminal || env['CI'] !== undefined) return undefined;
  if (platform === 'darwin') return 'open';
  const screen = ['DISPLAY', 'WAYLAND_DISPLAY', 'WSL_DISTRO_NAME'].some((name) => env[name]);
  return screen ? 'xdg-open' : undefined;
}

/** Opens an address where there is a browser; neither waits for it nor minds where it fails. */
export function browse(address: string): void {
  const { env, platform, stdout } = process;
  const program = browserProgram({ env, platform, terminal: stdout.isTTY });
  if (program === undefined || !/^(https?|file):\/\//.test(address)) return;
  const child = spawn(program, [address], { detached: true, stdio: 'ignore' });
  child.on('error', () => undefined); // there is no such program: the address is printed all the same
  child.unref();
}
