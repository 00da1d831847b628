import { useEffect, useRef, useState } from "react";
import { announce } from "../ui/announce.tsx";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Notice } from "../ui/notice.tsx";
import { useWords } from "../words/words.ts";

type CameraProps = { add(files: File[]): void; close(): void };
type State = "starting" | "on" | "refused" | "missing";

/** The camera of a laptop: it stays open for several pictures. */
export default function Camera({ add, close }: CameraProps) {
  const { choose: say } = useWords();
  return (
    <Dialog isOpen onOpenChange={(open) => open || close()} title={say.camera.title} className="sheet-dialog camera">
      <Shooting add={add} close={close} />
    </Dialog>
  );
}

function Shooting({ add, close }: CameraProps) {
  const { choose: say } = useWords();
  const video = useRef<HTMLVideoElement>(null);
  const state = useCamera(video);
  const [taken, setTaken] = useState(0);
  const take = async () => {
    const file = await shot(video.current, say.camera.name(taken + 1));
    if (!file) return;
    add([file]);
    setTaken(taken + 1);
    announce(say.camera.taken(taken + 1));
  };
  if (state === "refused" || state === "missing")
    return <Notice action={<Button onPress={close}>{say.camera.done}</Button>}>{say.camera[state]}</Notice>;
  return (
    <>
      <p>{say.camera.text}</p>
      <div className="plate camera-view">
        <video ref={video} autoPlay muted playsInline aria-label={say.camera.title} />
      </div>
      <p className="print">{state === "starting" ? say.camera.starting : say.camera.taken(taken)}</p>
      <div className="actions">
        <Button onPress={close}>{say.camera.done}</Button>
        <Button kind="first" onPress={take} isDisabled={state === "starting"} autoFocus>
          {say.camera.take}
        </Button>
      </div>
    </>
  );
}

/** The picture of the camera in the element, for as long as it is there. */
function useCamera(video: { current: HTMLVideoElement | null }): State {
  const [state, setState] = useState<State>("starting");
  useEffect(() => {
    let stream: MediaStream | undefined;
    let gone = false;
    const asked = navigator.mediaDevices.getUserMedia({
      video: { width: { ideal: 1920 }, height: { ideal: 1440 }, facingMode: "environment" },
    });
    asked.then(
      (got) => {
        stream = got;
        if (gone || !video.current) return stop(got);
        video.current.srcObject = got;
        setState("on");
      },
      (error: unknown) => setState(error instanceof DOMException && error.name === "NotAllowedError" ? "refused" : "missing"),
    );
    return () => {
      gone = true;
      stop(stream);
    };
  }, [video]);
  return state;
}

function stop(stream: MediaStream | undefined): void {
  for (const track of stream?.getTracks() ?? []) track.stop();
}

async function shot(video: HTMLVideoElement | null, name: string): Promise<File | undefined> {
  if (!video?.videoWidth) return undefined;
  const sheet = document.createElement("canvas");
  sheet.width = video.videoWidth;
  sheet.height = video.videoHeight;
  sheet.getContext("2d")?.drawImage(video, 0, 0);
  const blob = await new Promise<Blob | null>((resolve) => sheet.toBlob(resolve, "image/jpeg", 0.95));
  return blob ? new File([blob], name, { type: "image/jpeg" }) : undefined;
}
