// Whether two addresses show the same picture: hosts and parameters change with every request, paths do not.

/** Where the picture's own name is in the path, the parameters only say how large it is and who asks. */
const pictureFile = /\.(?:jpe?g|png|webp|gif|avif)$/i;

/** What stays of a picture's address from one answer to the next: its path, or its path and parameters. */
export function pictureKey(url: string): string {
  const parsed = URL.parse(url);
  if (!parsed) return url;
  return pictureFile.test(parsed.pathname) ? parsed.pathname : `${parsed.pathname}${parsed.search}`;
}

/** `next`, unless it is what `known` shows already: then the known address, so that nothing seems to have changed. */
export function samePictureOr(known: string | null, next: string | null): string | null {
  return known !== null && next !== null && pictureKey(known) === pictureKey(next) ? known : next;
}
