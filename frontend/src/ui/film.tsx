import type { ReactNode } from "react";

/** A strip of film. What is printed along its edge stands below the frames. */
export function Film({ children, edge, className = "" }: { children: ReactNode; edge?: ReactNode; className?: string }) {
  return (
    <div className={`film ${className}`}>
      {children}
      {edge ? <div className="film-edge">{edge}</div> : null}
    </div>
  );
}

type PlateProps = { picture?: string | undefined; alt?: string; className?: string; children?: ReactNode };

/** The exposed part of a frame; dark where there is no picture yet. */
export function Plate({ picture, alt = "", className = "", children }: PlateProps) {
  return (
    <div className={`plate ${className}`}>
      {picture ? <img key={picture} src={picture} alt={alt} decoding="async" /> : null}
      {children}
    </div>
  );
}

export function Edge({ left, right, loud = false }: { left: ReactNode; right?: ReactNode; loud?: boolean }) {
  return (
    <div className={loud ? "edge edge-loud" : "edge"}>
      <span>{left}</span>
      <span>{right}</span>
    </div>
  );
}

/** Frames without pictures, while what they hold is asked for. */
export function Unexposed({ count = 6, label }: { count?: number; label: string }) {
  return (
    <Film className="film-row">
      <div className="strip" role="status" aria-label={label} aria-busy="true">
        {Array.from({ length: count }, (_, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the frames are all alike
          <div className="frame" key={index}>
            <Plate />
            <Edge left={index + 1} />
          </div>
        ))}
      </div>
    </Film>
  );
}

type StepsProps = { edge: string; steps: readonly (readonly [string, string])[]; className?: string; strip?: string };

/** Frames that say how something comes to be: a word below each, a sentence in it. */
export function FilmOfSteps({ edge, steps, className = "film-row", strip = "strip" }: StepsProps) {
  return (
    <Film className={className} edge={<span>{edge}</span>}>
      <ol className={strip}>
        {steps.map(([word, sentence], index) => (
          <li className="frame" key={word}>
            <Plate className="plate-words">
              <p>{sentence}</p>
            </Plate>
            <Edge left={index + 1} right={word} />
          </li>
        ))}
      </ol>
    </Film>
  );
}
