import { useEffect } from "react";
import { sized } from "../api/client.ts";
import type { JobDetail } from "../api/types.ts";
import { announce } from "../ui/announce.tsx";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { number } from "../words/format.ts";
import { useLanguage, useWords } from "../words/words.ts";
import { labelOf } from "./edge-print.ts";
import { Tiles } from "./tiles.tsx";
import type { Shot } from "./timeline.ts";

type LoupeProps = { job: JobDetail; drawn: readonly Shot[]; open: string | undefined; turn(key: string | undefined): void };

/** One sample, large; arrow keys turn to the one before and after. */
export function SampleLoupe({ job, drawn, open, turn }: LoupeProps) {
  const { follow: say } = useWords();
  const language = useLanguage();
  const at = drawn.findIndex((shot) => shot.key === open);
  const shot = drawn[at];
  const step = shot ? labelOf(shot.label, say, language) : "";
  const checked = shot?.label.of === "stage";
  const label = checked ? say.loupe.checkedLabel : say.loupe.label(step);
  useArrows(drawn, at, turn);
  useEffect(() => {
    if (shot) announce(label);
  }, [shot, label]);
  if (!shot?.picture) return null;
  return (
    <Dialog isOpen onOpenChange={(stays) => stays || turn(undefined)} title={label} titleUnseen className="loupe loupe-samples">
      <Tiles picture={sized(shot.picture, 1024)} alt={checked ? say.loupe.altChecked(job.prompt) : say.loupe.alt(job.prompt, step)} />
      <div className="loupe-text">
        <p>{checked || job.progress.total === 0 ? label : say.loupe.step(step, number(job.progress.total, language))}</p>
        <p className="print">{job.prompt}</p>
        <p>{say.loupe.same}</p>
        <div className="actions loupe-turn">
          <Button isDisabled={at < 1} onPress={() => turn(drawn[at - 1]?.key)}>
            {say.loupe.earlier}
          </Button>
          <Button isDisabled={at >= drawn.length - 1} onPress={() => turn(drawn[at + 1]?.key)}>
            {say.loupe.later}
          </Button>
          <Button onPress={() => turn(undefined)}>{say.loupe.close}</Button>
        </div>
      </div>
    </Dialog>
  );
}

function useArrows(drawn: readonly Shot[], at: number, turn: LoupeProps["turn"]): void {
  useEffect(() => {
    if (at < 0) return;
    const pressed = ({ key }: KeyboardEvent) => {
      const next = drawn[at + (key === "ArrowLeft" ? -1 : key === "ArrowRight" ? 1 : 0)];
      if (next) turn(next.key);
    };
    addEventListener("keydown", pressed);
    return () => removeEventListener("keydown", pressed);
  }, [drawn, at, turn]);
}
