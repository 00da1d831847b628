import { useEffect, useRef } from "react";
import { Copy } from "../library/copied.tsx";
import { Button } from "../ui/button.tsx";
import { useWords } from "../words/words.ts";

const STANDARD = "https://www.standardwebhooks.com";

/** What signs the messages, as long as it can be seen: until it is put away, or the page is left. */
export function Secret({ secret, onDone }: { secret: string; onDone(): void }) {
  const { webhook: say } = useWords().you;
  const shown = useRef<HTMLElement>(null);
  useEffect(() => shown.current?.focus(), []);
  return (
    <section className="panel secret" aria-labelledby="secret" ref={shown} tabIndex={-1}>
      <h3 id="secret">{say.secretHeading}</h3>
      <p>{say.secretLead}</p>
      <p className="secret-value">
        <code className="print">{secret}</code>
        <Copy text={secret} label={say.secretCopy} />
      </p>
      <h4>{say.verifyHeading}</h4>
      <ul>
        {say.verify.map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
      <p className="help">
        <a href={STANDARD} target="_blank" rel="noreferrer">
          {say.standard}
        </a>
        , docs/api.md
      </p>
      <Button onPress={onDone}>{say.secretDone}</Button>
    </section>
  );
}
