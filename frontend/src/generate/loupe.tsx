import { useNavigate } from "@tanstack/react-router";
import { useEffect } from "react";
import { announce } from "../ui/announce.tsx";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Circle } from "../ui/grease.tsx";
import { useWords } from "../words/words.ts";
import type { Named } from "./grid.tsx";
import { LoupeActions } from "./loupe-actions.tsx";
import { pick } from "./picked.ts";
import type { Print } from "./prints.ts";
import { Settings } from "./settings.tsx";

type LoupeProps = {
  prints: readonly Print[];
  /** The key of the print that is looked at; none: closed. */
  at: string | undefined;
  modelOf(id: string): Named;
  onMove(key: string): void;
  onMark(key: string): void;
  onClose(): void;
};

/** One print, large, with all that it was made from. Arrow keys lead on. */
export function PrintLoupe({ prints, at, onClose, ...inside }: LoupeProps) {
  const { loupe: say } = useWords().generate;
  const seen = prints.filter((print) => print.picture.url);
  const index = seen.findIndex((print) => print.key === at);
  const print = seen[index];
  return (
    <Dialog
      isOpen={Boolean(print)}
      onOpenChange={(open) => open || onClose()}
      title={print ? say.label(print.picture.seed) : ""}
      titleUnseen
      className="loupe print-loupe"
    >
      {print ? <Inside print={print} seen={seen} index={index} onClose={onClose} {...inside} /> : null}
    </Dialog>
  );
}

type InsideProps = Omit<LoupeProps, "prints" | "at"> & { print: Print; seen: readonly Print[]; index: number };

function Inside({ print, seen, index, modelOf, onMove, onMark, onClose }: InsideProps) {
  const { loupe: say } = useWords().generate;
  const remix = useRemix(print);
  const step = (by: number) => {
    const to = seen[index + by];
    if (!to) return;
    onMove(to.key);
    announce(`${say.label(to.picture.seed)}, ${say.place(index + by + 1, seen.length)}`);
  };
  useKeys({ arrowleft: () => step(-1), arrowright: () => step(1), f: () => onMark(print.key), c: () => pick(print.key) });
  const model = modelOf(print.made.model);
  return (
    <div className="loupe-whole">
      <div className="loupe-picture">
        <div className="loupe-plate">
          <img key={print.key} src={print.picture.url ?? ""} alt={print.made.prompt} />
          {print.picture.favourite ? <Circle seed={print.key} /> : null}
        </div>
        <Steps index={index} count={seen.length} step={step} />
      </div>
      <div className="loupe-text">
        <p className="loupe-prompt">{print.made.prompt}</p>
        <Settings print={print} model={model} />
        <LoupeActions key={print.key} print={print} model={model} onMark={() => onMark(print.key)} onRemix={remix} onClose={onClose} />
      </div>
    </div>
  );
}

function Steps({ index, count, step }: { index: number; count: number; step(by: number): void }) {
  const { loupe: say } = useWords().generate;
  return (
    <div className="loupe-steps">
      <Button kind="bare" aria-label={say.previous} isDisabled={index === 0} onPress={() => step(-1)}>
        ←
      </Button>
      <span className="print">{say.place(index + 1, count)}</span>
      <Button kind="bare" aria-label={say.next} isDisabled={index === count - 1} onPress={() => step(1)}>
        →
      </Button>
      <span className="print loupe-keys">{say.keys}</span>
    </div>
  );
}

/** To the page of its model, where the form takes everything over from it. */
export function useRemix({ key, made }: Print): () => void {
  const navigate = useNavigate();
  return () => void navigate({ to: "/models/$id/generate", params: { id: made.model }, search: { remix: key } as never });
}

function useKeys(keys: Readonly<Record<string, () => void>>): void {
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      const act = event.metaKey || event.ctrlKey || event.altKey ? undefined : keys[event.key.toLowerCase()];
      // a question that lies over the loupe has the keys to itself
      if (!act || document.querySelector("[role=alertdialog]")) return;
      event.preventDefault();
      act();
    };
    addEventListener("keydown", pressed);
    return () => removeEventListener("keydown", pressed);
  }, [keys]);
}
