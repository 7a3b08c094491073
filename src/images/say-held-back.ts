import type { ImageRoom } from './image-room.ts';

/** What looks like a secret never goes into an image without a word, nor stays out without one. */
export function sayHeldBack(
  room: ImageRoom | undefined,
  name: string,
  heldBack: readonly string[],
): void {
  if (heldBack.length === 0) return;
  room?.tell(
    `${name}: left out of its image because it looks like a secret: ${heldBack.join(', ')} (a line \`!FILE\` in .dockerignore includes it)`,
  );
}
