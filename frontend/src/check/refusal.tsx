import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { Preset } from "../api/jobs.ts";
import { ApiError } from "../api/problems.ts";
import { Button, look } from "../ui/button.tsx";
import { ErrorNotice, Notice } from "../ui/notice.tsx";
import { clock, number } from "../words/format.ts";
import { useLanguage, useWords } from "../words/words.ts";

type RefusalProps = { id: string; preset: Preset; error: unknown; again(): void };

/** Why it was not handed in, and the way from here. */
export function Refusal({ id, preset, error, again }: RefusalProps) {
  const code = error instanceof ApiError ? error.code : undefined;
  const action = code && wayOut(code, id, preset);
  return <ErrorNotice error={error} again={again} {...(action ? { action } : {})} />;
}

function wayOut(code: ApiError["code"], id: string, preset: Preset): ReactNode {
  switch (code) {
    case "PICTURES_MISSING":
    case "TOO_FEW_PICTURES":
    case "TOO_MANY_PICTURES":
      return <ToPictures id={id} />;
    case "CONSENT_MISSING":
      return <SayConsent />;
    case "OVER_QUOTA":
      return <Less id={id} preset={preset} />;
    case "NOT_ALLOWED":
      return <Whereabouts id={id} />;
    default:
      return undefined;
  }
}

function ToPictures({ id }: { id: string }) {
  const { refused: text } = useWords().check;
  return (
    <Link className={look()} to="/jobs/$id/choose" params={{ id }}>
      {text.choose}
    </Link>
  );
}

export function SayConsent() {
  const { refused: text } = useWords().check;
  return <Button onPress={() => document.getElementById("consent")?.focus()}>{text.consent}</Button>;
}

function Whereabouts({ id }: { id: string }) {
  const { refused: text } = useWords().check;
  return (
    <Link className={look()} to="/jobs/$id" params={{ id }}>
      {text.where}
    </Link>
  );
}

/** A shorter way to learn counts less; where there is none, what the day has. */
function Less({ id, preset }: { id: string; preset: Preset }) {
  const { day: text } = useWords().check;
  if (preset === "quick") {
    return (
      <Link className={look()} to="/you">
        {text.yours}
      </Link>
    );
  }
  return (
    <Link className={look()} to="/jobs/$id/describe" params={{ id }} hash="presets">
      {text.quick}
    </Link>
  );
}

type ShortProps = { id: string; preset: Preset; minutes: number; left: number; resets: string };

/** Told before she presses: the day has not enough for this sheet. */
export function Short({ id, preset, minutes, left, resets }: ShortProps) {
  const { day: text } = useWords().check;
  const language = useLanguage();
  return (
    <Notice tone="quiet" title={text.short(number(minutes, language), number(left, language))} action={<Less id={id} preset={preset} />}>
      {text.shortCause(clock(resets, language))}
    </Notice>
  );
}

/** Told before she presses: the door is closed. */
export function Paused({ reason, again }: { reason: string; again(): void }) {
  const { paused: text } = useWords().check;
  return (
    <Notice tone="quiet" title={text.title} action={<Button onPress={again}>{text.again}</Button>}>
      {reason ? text.cause(reason.replace(/\.$/, "")) : text.noReason}
    </Notice>
  );
}
