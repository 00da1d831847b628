import type { KeyboardEvent } from "react";
import { Button as Pressable, type PressEvent } from "react-aria-components/Button";
import { Button } from "../ui/button.tsx";
import { useWords } from "../words/words.ts";
import type { Found } from "./compare.tsx";
import { moved, pressed, SCALES, scaled, type View } from "./comparing.ts";
import { useRemix } from "./loupe.tsx";
import { missing, type Print } from "./prints.ts";

type FrameProps = { number: number; print: Found; view: View; onView(view: View): void; onLeaveOut: (() => void) | undefined };

/** One of those that are compared. */
export function CompareFrame({ number, print, onLeaveOut, ...view }: FrameProps) {
  const { compare: say } = useWords().generate;
  return (
    <figure className="beside">
      <Picture number={number} print={print} {...view} />
      <figcaption>
        <strong>{say.number(number)}</strong>
        <span className="print">{typeof print === "object" ? <Made print={print} /> : null}</span>
        <span className="beside-actions">
          {typeof print === "object" && !print.made.base ? <Remix print={print} /> : null}
          {onLeaveOut ? (
            <Button kind="bare" aria-label={say.leaveOut(number)} onPress={onLeaveOut}>
              ✕
            </Button>
          ) : null}
        </span>
      </figcaption>
    </figure>
  );
}

function Made({ print: { made, picture } }: { print: Print }) {
  const { compare: say } = useWords().generate;
  return `${made.base ? say.untuned : say.version(made.version)} · ${picture.seed}`;
}

function Remix({ print }: { print: Print }) {
  const { compare: say } = useWords().generate;
  const remix = useRemix(print);
  return (
    <Button kind="bare" onPress={remix}>
      {say.remix}
    </Button>
  );
}

function Picture({ number, print, view, onView }: Omit<FrameProps, "onLeaveOut">) {
  const { compare: say, missing: words } = useWords().generate;
  if (print === "gone") {
    return (
      <div className="stage stage-empty">
        <p>
          <strong>{say.gone}.</strong> {say.goneSays}
        </p>
      </div>
    );
  }
  const url = print === "coming" ? undefined : print.picture.url;
  if (!url || print === "coming") {
    const why = print === "coming" ? "" : words[missing(print) ?? "waiting"];
    return (
      <div className="stage stage-empty" role="status">
        <span className="proof-why">{why}</span>
      </div>
    );
  }
  const label = say.alt(number, print.made.prompt);
  return (
    <Pressable
      className="stage"
      aria-label={label}
      onKeyDown={(event) => keyed(event, view, onView)}
      onPress={(event) => onView(pressedAt(event, view))}
    >
      <img src={url} alt="" style={{ transform: `scale(${view.scale}) translate(${(0.5 - view.x) * 100}%, ${(0.5 - view.y) * 100}%)` }} />
    </Pressable>
  );
}

/** With a key there is no point: the middle. */
function pressedAt({ target, x, y, pointerType }: PressEvent, view: View): View {
  if (pointerType === "keyboard" || pointerType === "virtual") return pressed(view, 0.5, 0.5);
  return pressed(view, x / target.clientWidth, y / target.clientHeight);
}

const STEP = 0.12;

function keyed(event: KeyboardEvent, view: View, onView: (view: View) => void): void {
  const larger = SCALES.find((scale) => scale > view.scale) ?? view.scale;
  const smaller = SCALES.findLast((scale) => scale < view.scale) ?? view.scale;
  const views: Readonly<Record<string, View>> = {
    ArrowLeft: moved(view, -STEP, 0),
    ArrowRight: moved(view, STEP, 0),
    ArrowUp: moved(view, 0, -STEP),
    ArrowDown: moved(view, 0, STEP),
    "+": scaled(view, larger),
    "-": scaled(view, smaller),
  };
  const next = views[event.key];
  if (!next || (event.key.startsWith("Arrow") && view.scale === 1)) return;
  event.preventDefault();
  onView(next);
}
