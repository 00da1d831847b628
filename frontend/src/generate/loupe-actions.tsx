import { useMutation } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type ReactNode, useEffect, useState } from "react";
import { ToggleButton } from "react-aria-components/ToggleButton";
import { readPicture } from "../api/generations.ts";
import { announce } from "../ui/announce.tsx";
import { Button, look } from "../ui/button.tsx";
import { Trouble } from "../ui/notice.tsx";
import { useWords } from "../words/words.ts";
import { card, fileName } from "./card.ts";
import { addressOf } from "./comparing.ts";
import { Forget } from "./forget.tsx";
import type { Named } from "./grid.tsx";
import { pick, usePicked } from "./picked.ts";
import { withTexts } from "./png.ts";
import type { Print } from "./prints.ts";
import { useUntuned } from "./queries.ts";
import { Refused } from "./refused.tsx";
import { save } from "./save.ts";

type ActionsProps = { print: Print; model: Named; onMark(): void; onRemix(): void; onClose(): void };

/** What can be done with the print under the loupe. */
export function LoupeActions({ print, model, onMark, onRemix, onClose }: ActionsProps) {
  const { loupe: say } = useWords().generate;
  const isPicked = usePicked().includes(print.key);
  return (
    <div className="loupe-actions">
      <ToggleButton className="button loupe-toggle" isSelected={print.picture.favourite} onChange={onMark}>
        {say.favourite}
      </ToggleButton>
      <ToggleButton className="button loupe-toggle" isSelected={isPicked} onChange={() => pick(print.key)}>
        {say.pick}
      </ToggleButton>
      <Button wide onPress={onRemix}>
        {say.remix}
      </Button>
      {print.made.base ? null : <Untuned print={print} model={model} />}
      <Downloads print={print} model={model} />
      <div className="loupe-rest">
        <Copy text={print.made.prompt} />
        <Forget made={print.made} isBare onGone={onClose}>
          {say.remove}
        </Forget>
        <Button kind="bare" onPress={onClose}>
          {say.close}
        </Button>
      </div>
    </div>
  );
}

/** Beside what the model drew of it before it learnt. */
function Untuned({ print, model }: { print: Print; model: Named }) {
  const { loupe: say, compare } = useWords().generate;
  const navigate = useNavigate();
  const untuned = useUntuned(model.id);
  const compareBoth = () =>
    untuned.mutate(print, {
      onSuccess: (other) => void navigate({ to: "/prints", search: { compare: addressOf([print.key, other]) } as never }),
    });
  return (
    <>
      <Button wide onPress={compareBoth} isPending={untuned.isPending} doing={compare.adding}>
        {say.compareUntuned}
      </Button>
      {untuned.error ? <Refused error={untuned.error} id={model.id} again={compareBoth} /> : null}
    </>
  );
}

function Downloads({ print, model }: { print: Print; model: Named }) {
  const { loupe: say } = useWords().generate;
  const name = fileName(print, model.subject);
  const url = print.picture.url ?? "";
  const withCard = useMutation({
    mutationFn: async () => save(withTexts(await readPicture(url), card(print, model)), name),
  });
  return (
    <>
      <a className={look()} href={url} download={name}>
        {say.download}
      </a>
      <Button onPress={() => withCard.mutate()} isPending={withCard.isPending} doing={say.downloading} aria-describedby="card-help">
        {say.downloadCard}
      </Button>
      <p className="help loupe-help" id="card-help">
        {say.cardHelp}
      </p>
      <Trouble of={withCard} />
    </>
  );
}

const SAID_MS = 3000;

function Copy({ text }: { text: string }): ReactNode {
  const { loupe: say } = useWords().generate;
  const [said, setSaid] = useState<"copied" | "notCopied">();
  useEffect(() => {
    if (!said) return;
    announce(say[said]);
    const timer = setTimeout(() => setSaid(undefined), SAID_MS);
    return () => clearTimeout(timer);
  }, [said, say]);
  const copy = () =>
    navigator.clipboard.writeText(text).then(
      () => setSaid("copied"),
      () => setSaid("notCopied"),
    );
  return (
    <Button kind="bare" onPress={copy}>
      {said ? say[said] : say.copy}
    </Button>
  );
}
