import { useEffect, useState } from "react";
import type { Config } from "../api/types.ts";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { NumberLine } from "../ui/field.tsx";
import { Plate } from "../ui/film.tsx";
import { Notice } from "../ui/notice.tsx";
import { Segments } from "../ui/segments.tsx";
import { useWords } from "../words/words.ts";
import { cropOf, middle, type Rules, type Shape, type Size, shaped, typed } from "./crop.ts";
import { CropStage } from "./crop-stage.tsx";
import type { Darkroom } from "./darkroom.ts";
import { type Frame, frameNumber } from "./frames.ts";
import { type Box, boxOf } from "./prepared.ts";

type CropProps = { darkroom: Darkroom; frames: readonly Frame[]; shown: string; limits: Config["limits"]; close(): void };
type Opened = { readonly address: string; readonly size: Size };

export default function CropDialog({ darkroom, frames, shown, limits, close }: CropProps) {
  const { choose: say } = useWords();
  const index = frames.findIndex(({ key }) => key === shown);
  const frame = frames[index];
  const opened = useOriginal(darkroom, shown);
  if (!frame) return null;
  return (
    <Dialog isOpen onOpenChange={(open) => open || close()} title={say.crop.title(frameNumber(index))} className="sheet-dialog crop">
      {opened === "failed" ? <Notice action={<Button onPress={close}>{say.crop.cancel}</Button>}>{say.crop.failed}</Notice> : null}
      {opened === undefined ? <Opening /> : null}
      {typeof opened === "object" ? <Cropping darkroom={darkroom} frame={frame} opened={opened} limits={limits} close={close} /> : null}
    </Dialog>
  );
}

function Opening() {
  const { choose: say } = useWords();
  return (
    <div role="status" aria-label={say.crop.opening} className="film crop-film">
      <Plate />
    </div>
  );
}

type CroppingProps = { darkroom: Darkroom; frame: Frame; opened: Opened; limits: Config["limits"]; close(): void };

function Cropping({ darkroom, frame, opened: { address, size }, limits, close }: CroppingProps) {
  const { choose: say } = useWords();
  const [shape, setShape] = useState<Shape>(isSquare(frame, size) ? "square" : "free");
  const [box, setBox] = useState<Box>(frame.crop ? boxOf(frame.crop, size.width, size.height) : middle(size));
  const [work, setWork] = useState<"idle" | "cropping" | "failed">("idle");
  const rules: Rules = { picture: size, shape, least: Math.min(limits.minSide, size.width, size.height) };
  const save = async (crop: Frame["crop"]) => {
    setWork("cropping");
    const refused = await darkroom.crop(frame.key, crop).catch(() => true);
    if (refused) setWork("failed");
    else close();
  };
  const reshape = (to: Shape) => {
    setShape(to);
    setBox(shaped(box, { ...rules, shape: to }));
  };
  return (
    <>
      <CropStage address={address} box={box} rules={rules} change={setBox} />
      <Numbers box={box} rules={rules} change={setBox} reshape={reshape} />
      <p className="help">{Math.min(box.width, box.height) < limits.goodSide ? say.crop.small(limits.goodSide) : say.crop.help}</p>
      {work === "failed" ? <Notice>{say.crop.failed}</Notice> : null}
      <div className="actions">
        <Button onPress={close}>{say.crop.cancel}</Button>
        {frame.crop ? <Button onPress={() => save(undefined)}>{say.crop.whole}</Button> : null}
        <Button kind="first" onPress={() => save(cropOf(box, size))} isPending={work === "cropping"} doing={say.crop.saving}>
          {say.crop.save}
        </Button>
      </div>
    </>
  );
}

type NumbersProps = { box: Box; rules: Rules; change(box: Box): void; reshape(shape: Shape): void };

/** The same without a pointer, and to the pixel. */
function Numbers({ box, rules, change, reshape }: NumbersProps) {
  const { choose: say } = useWords();
  const { picture, least } = rules;
  const fields = [
    { field: "x", label: say.crop.left, min: 0, max: picture.width - box.width },
    { field: "y", label: say.crop.top, min: 0, max: picture.height - box.height },
    { field: "width", label: say.crop.width, min: least, max: picture.width },
    { field: "height", label: say.crop.height, min: least, max: picture.height },
  ] as const;
  const shapes = (["square", "free"] as const).map((id) => ({ id, label: say.crop.shapes[id] }));
  return (
    <div className="crop-numbers">
      <Segments label={say.crop.shape} labelUnseen value={rules.shape} options={shapes} onChange={reshape} />
      <div className="crop-fields">
        {fields.map(({ field, label, min, max }) => (
          <NumberLine
            key={field}
            label={label}
            value={box[field]}
            min={min}
            max={max}
            onChange={(value) => Number.isFinite(value) && change(typed(box, field, value, rules))}
          />
        ))}
      </div>
    </div>
  );
}

function isSquare({ crop }: Frame, size: Size): boolean {
  return !crop || Math.abs(crop.width * size.width - crop.height * size.height) < 2;
}

/** The whole picture, upright, and how large it is. */
function useOriginal(darkroom: Darkroom, key: string): Opened | "failed" | undefined {
  const [opened, setOpened] = useState<Opened | "failed">();
  useEffect(() => {
    let address = "";
    let gone = false;
    original(darkroom, key).then(
      (found) => {
        address = found.address;
        if (gone) URL.revokeObjectURL(address);
        else setOpened(found);
      },
      () => gone || setOpened("failed"),
    );
    return () => {
      gone = true;
      if (address) URL.revokeObjectURL(address);
    };
  }, [darkroom, key]);
  return opened;
}

async function original(darkroom: Darkroom, key: string): Promise<Opened> {
  const address = URL.createObjectURL(await darkroom.whole(key));
  const picture = new Image();
  picture.src = address;
  await picture.decode();
  return { address, size: { width: picture.naturalWidth, height: picture.naturalHeight } };
}
