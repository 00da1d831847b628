import { useEffect, useState } from "react";
import { announce } from "../ui/announce.tsx";
import { Button } from "../ui/button.tsx";
import { useWords } from "../words/words.ts";
import "./copied.css";

const SAID_MS = 3_000;

type CopyProps = { text: string; label: string; children?: string };

/** A button that copies, and says whether it did. */
export function Copy({ text, label, children = label }: CopyProps) {
  const { lineage: say } = useWords().library;
  const [said, setSaid] = useState<string>();
  useEffect(() => {
    if (!said) return;
    announce(said);
    const timer = setTimeout(() => setSaid(undefined), SAID_MS);
    return () => clearTimeout(timer);
  }, [said]);
  const copy = () =>
    navigator.clipboard.writeText(text).then(
      () => setSaid(say.copied),
      () => setSaid(say.notCopied),
    );
  return (
    <Button kind="bare" onPress={copy} aria-label={said ?? label}>
      {said ?? children}
    </Button>
  );
}

/** A value that somebody may want to paste elsewhere. */
export function Copyable({ name, value }: { name: string; value: string }) {
  const { lineage: say } = useWords().library;
  return (
    <span className="copyable">
      <code className="print">{value}</code>
      <Copy text={value} label={say.copyNamed(name)}>
        {say.copy}
      </Copy>
    </span>
  );
}
