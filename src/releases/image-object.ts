/** Where an image lies in the release bucket. */
export function imageObject(digest: string): string {
  return `images/${digest.replace(':', '-')}.tar`;
}
