import { type CSSProperties, type KeyboardEvent, type PointerEvent, useRef } from "react";
import { announce } from "../ui/announce.tsx";
import { useWords } from "../words/words.ts";
import { type Corner, grown, moved, pulled, type Rules } from "./crop.ts";
import type { Box } from "./prepared.ts";

type StageProps = { address: string; box: Box; rules: Rules; change(box: Box): void };

const CORNERS: readonly Corner[] = ["topLeft", "topRight", "bottomLeft", "bottomRight"];

/** The whole picture, dark but for what is inside the frame. */
export function CropStage({ address, box, rules, change }: StageProps) {
  const { choose: say } = useWords();
  const stage = useRef<HTMLDivElement>(null);
  const { picture } = rules;
  const keys = (event: KeyboardEvent) => {
    const next = byKey(event.key, event.shiftKey, box, rules);
    if (!next) return;
    event.preventDefault();
    change(next);
    announce(say.crop.said(next.x, next.y, next.width, next.height));
  };
  const drag = (event: PointerEvent, corner: Corner | undefined) =>
    follow(event, stage.current, rules, (right, down) =>
      change(corner ? pulled(box, corner, right, down, rules) : moved(box, right, down, rules)),
    );
  return (
    <div className="film crop-film">
      <div className="crop-stage" ref={stage} style={placed(box, picture)}>
        <div className="crop-picture">
          <img src={address} alt="" draggable={false} />
          <div className="crop-light" />
        </div>
        {/* biome-ignore lint/a11y/useSemanticElements: there is no element for a frame that is moved in two directions */}
        <div
          className="crop-frame"
          role="group"
          // biome-ignore lint/a11y/noNoninteractiveTabindex: arrow keys move it
          tabIndex={0}
          aria-label={say.crop.frame}
          onKeyDown={keys}
          onPointerDown={(event) => drag(event, undefined)}
        >
          {CORNERS.map((corner) => (
            <span key={corner} className="crop-corner" data-corner={corner} onPointerDown={(event) => drag(event, corner)} />
          ))}
        </div>
      </div>
    </div>
  );
}

/** Arrow keys by a hundredth of the picture, with Shift by a tenth. */
function byKey(key: string, far: boolean, box: Box, rules: Rules): Box | undefined {
  const step = Math.max(1, Math.round(Math.max(rules.picture.width, rules.picture.height) / (far ? 10 : 100)));
  switch (key) {
    case "ArrowLeft":
      return moved(box, -step, 0, rules);
    case "ArrowRight":
      return moved(box, step, 0, rules);
    case "ArrowUp":
      return moved(box, 0, -step, rules);
    case "ArrowDown":
      return moved(box, 0, step, rules);
    case "+":
    case "=":
      return grown(box, 2 * step, rules);
    case "-":
    case "_":
      return grown(box, -2 * step, rules);
    default:
      return undefined;
  }
}

/** Tells how far the pointer has gone since it was pressed, in pixels of the picture, until it is let go. */
function follow(event: PointerEvent, stage: HTMLElement | null, { picture }: Rules, gone: (right: number, down: number) => void): void {
  if (event.button !== 0 || !stage) return;
  event.stopPropagation();
  const scale = picture.width / stage.getBoundingClientRect().width;
  const from = { x: event.clientX, y: event.clientY };
  const held = event.currentTarget as HTMLElement;
  held.setPointerCapture(event.pointerId);
  const move = (at: globalThis.PointerEvent) => gone((at.clientX - from.x) * scale, (at.clientY - from.y) * scale);
  held.addEventListener("pointermove", move);
  const end = () => held.removeEventListener("pointermove", move);
  held.addEventListener("pointerup", end, { once: true });
  held.addEventListener("pointercancel", end, { once: true });
}

function placed({ x, y, width, height }: Box, picture: Rules["picture"]): CSSProperties {
  return {
    "--left": `${(x / picture.width) * 100}%`,
    "--top": `${(y / picture.height) * 100}%`,
    "--wide": `${(width / picture.width) * 100}%`,
    "--high": `${(height / picture.height) * 100}%`,
    aspectRatio: `${picture.width} / ${picture.height}`,
    "--ratio": picture.width / picture.height,
  } as CSSProperties;
}
