// What a browser says that it can read, and what it says that it has already.

/**
 * Of the encodings at hand, in their order, the first that is accepted as gladly as any.
 * @param {string | string[] | undefined} header
 * @param {Iterable<string>} atHand
 * @returns {string | undefined}
 */
export function bestEncoding(header, atHand) {
  const wished = wishes(String(header ?? ""));
  let best;
  let most = 0;
  for (const encoding of atHand) {
    const quality = wished.get(encoding) ?? wished.get("*") ?? 0;
    if (quality > most) [best, most] = [encoding, quality];
  }
  return best;
}

/**
 * @param {string} header
 * @returns {Map<string, number>}
 */
function wishes(header) {
  return new Map(
    header.split(",").map((each) => {
      const [name = "", ...parameters] = each.split(";").map((part) => part.trim().toLowerCase());
      const quality = parameters.find((part) => part.startsWith("q="));
      const value = quality ? Number(quality.slice(2)) : 1;
      return [name, Number.isFinite(value) ? value : 0];
    }),
  );
}

/**
 * Whether If-None-Match names this version.
 * @param {string | undefined} header
 * @param {string} etag
 */
export function isKnown(header, etag) {
  if (!header) return false;
  return header.trim() === "*" || header.split(",").some((each) => bare(each) === bare(etag));
}

/** @param {string} etag */
const bare = (etag) => etag.trim().replace(/^W\//, "");
