import { Link } from "@tanstack/react-router";
import type { Wall } from "../api/generations.ts";
import { Button, look } from "../ui/button.tsx";
import { FilmOfSteps } from "../ui/film.tsx";
import { useWords } from "../words/words.ts";

/** Why nothing is here, and what to do about it. */
export function Empty({ wall, onAll }: { wall: Wall; onAll(): void }) {
  const { gallery: say } = useWords().generate;
  if (!wall.favourite && !wall.model) return <FirstVisit />;
  return (
    <div className="gallery-empty">
      <h2>{wall.favourite ? say.noFavourites : say.noneOfModel}</h2>
      {wall.favourite ? <p className="lead">{say.noFavouritesSays}</p> : null}
      <Button onPress={onAll}>{say.showAll}</Button>
    </div>
  );
}

function FirstVisit() {
  const { gallery: say } = useWords().generate;
  return (
    <div className="gallery-empty gallery-first">
      <h2>{say.none}</h2>
      <p className="lead">{say.noneSays}</p>
      <FilmOfSteps edge={say.edge} steps={say.noneSteps} strip="strip strip-four" />
      <Link to="/models" className={look("first")}>
        {say.toModels}
      </Link>
    </div>
  );
}
