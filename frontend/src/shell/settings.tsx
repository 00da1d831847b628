import type { RefObject } from "react";
import { Dialog } from "react-aria-components/Dialog";
import { Popover } from "react-aria-components/Popover";
import { Segments } from "../ui/segments.tsx";
import { LANGUAGES, type Language, useLanguage, useWords } from "../words/words.ts";
import "../ui/menu.css";
import { useSpeak } from "./speaking.tsx";
import { choose, THEMES, useTheme } from "./theme.ts";

export type SettingsProps = { trigger: RefObject<HTMLButtonElement | null>; isOpen: boolean; onOpenChange(open: boolean): void };

const SPOKEN = (Object.keys(LANGUAGES) as Language[]).map((id) => ({ id, label: LANGUAGES[id] }));

/** Which language the portal speaks, and in which light. */
export default function Settings({ trigger, isOpen, onOpenChange }: SettingsProps) {
  const { shell: say } = useWords();
  const speak = useSpeak();
  const language = useLanguage();
  const theme = useTheme();
  const lights = THEMES.map((id) => ({ id, label: say.lights[id] }));
  return (
    <Popover triggerRef={trigger} isOpen={isOpen} onOpenChange={onOpenChange} placement="bottom end" className="menu-sheet settings">
      <Dialog aria-label={say.settings}>
        <Segments label={say.language} value={language} options={SPOKEN} onChange={speak} />
        <Segments label={say.light} value={theme} options={lights} onChange={choose} />
      </Dialog>
    </Popover>
  );
}
