import { sayAbove } from './say.ts';

const drawEveryMs = 120;

/** Keeps lines at the foot of the terminal up to date; whatever is said meanwhile stands above them. */
export function openLive(draw: (columns: number) => readonly string[]): {
  readonly stop: () => void;
} {
  const { stderr } = process;
  let height = 0;
  const clear = (): void => {
    if (height > 0) stderr.write(`\u001B[${height}A\u001B[J`);
    height = 0;
  };
  const show = (): void => {
    const most = Math.max(1, (stderr.rows ?? 24) - 1);
    const lines = draw(stderr.columns ?? 80).slice(-most);
    clear();
    stderr.write(lines.map((line) => `${line}\n`).join(''));
    height = lines.length;
  };
  sayAbove((text) => {
    clear();
    stderr.write(text);
    show();
  });
  const timer = setInterval(show, drawEveryMs);
  return {
    stop: () => {
      clearInterval(timer);
      sayAbove(undefined);
      show();
    },
  };
}
