import { Button } from "react-aria-components/Button";
import { FileTrigger } from "react-aria-components/FileTrigger";
import { useWords } from "../words/words.ts";
import { mayUseCamera, useIsTouch } from "./devices.ts";
import { inOrder, isMeant } from "./dropped.ts";

type WaysProps = { add(files: File[]): void };
type OtherProps = WaysProps & { openCamera(): void; folder: string; camera: string };

/** What may be opened: anything that calls itself a picture, and what phones write. */
const ACCEPTED = ["image/*", ".heic", ".heif"];

export function Browse({ add, className = "browse", label }: WaysProps & { className?: string; label: string }) {
  return (
    <FileTrigger allowsMultiple acceptedFileTypes={ACCEPTED} onSelect={(files) => files && add([...files])}>
      <Button className={className}>{label}</Button>
    </FileTrigger>
  );
}

/** The ways that are there beside dropping, pasting and browsing. */
export function OtherWays({ add, openCamera, folder, camera }: OtherProps) {
  const touch = useIsTouch();
  if (touch) return <PhoneCamera add={add} />;
  return (
    <>
      <FileTrigger acceptDirectory onSelect={(files) => files && add(inOrder([...files].filter(isMeant)))}>
        <Button className="browse">{folder}</Button>
      </FileTrigger>
      {mayUseCamera() ? (
        <Button className="browse" onPress={openCamera}>
          {camera}
        </Button>
      ) : null}
    </>
  );
}

function PhoneCamera({ add }: WaysProps) {
  const { choose: say } = useWords();
  return (
    <FileTrigger defaultCamera="environment" acceptedFileTypes={["image/*"]} onSelect={(files) => files && add([...files])}>
      <Button className="browse">{say.ways.photo}</Button>
    </FileTrigger>
  );
}
