import { useEffect, useState } from "react";

/** The trainer's pictures are strips of square tiles, one for each seed, the same seeds in every strip. */
type TileProps = { picture: string; alt: string; at: number; of: number };

/** One tile of a strip. */
export function Tile({ picture, alt, at, of }: TileProps) {
  const across = of > 1 ? (at / (of - 1)) * 100 : 50;
  return <img className="tile" src={picture} alt={alt} style={{ objectPosition: `${across}% 50%` }} decoding="async" />;
}

/** All tiles of a strip, in as many rows as they need. */
export function Tiles({ picture, alt }: { picture: string; alt: string }) {
  const count = useTileCount(picture);
  if (!count) return <div className="plate plate-square" />;
  return (
    <div className="tiles" role="img" aria-label={alt} data-many={count > 1 ? "" : undefined}>
      {Array.from({ length: count }, (_, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a tile is its place in the strip
        <Tile key={at} picture={picture} alt="" at={at} of={count} />
      ))}
    </div>
  );
}

/** Undefined until the picture is here; 0 where it cannot be had. */
export function useTileCount(picture: string | undefined): number | undefined {
  const [known, setKnown] = useState<{ picture: string; count: number }>();
  useEffect(() => {
    if (!picture) return;
    const image = new Image();
    image.onload = () => setKnown({ picture, count: tilesIn(image.naturalWidth, image.naturalHeight) });
    image.onerror = () => setKnown({ picture, count: 0 });
    image.src = picture;
    return () => {
      image.onload = image.onerror = null;
    };
  }, [picture]);
  return known?.picture === picture ? known?.count : undefined;
}

function tilesIn(width: number, height: number): number {
  return Math.max(1, Math.round(width / Math.max(1, height)));
}
