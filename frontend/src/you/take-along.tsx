import type { Receipt } from "../api/types.ts";
import { Copy } from "../library/copied.tsx";
import { Button } from "../ui/button.tsx";
import { useLanguage, useWords } from "../words/words.ts";
import { asText } from "./receipt-text.ts";

/** On paper, as a file, or as an address. */
export function TakeAlong({ receipt }: { receipt: Receipt }) {
  const { receipt: say } = useWords().you;
  const language = useLanguage();
  return (
    <div className="actions take-along">
      <Button onPress={() => save(asText(receipt, say, language), say.file(receipt.id))}>{say.download}</Button>
      <Button onPress={() => print()}>{say.print}</Button>
      <Copy text={location.href} label={say.copyAddress} />
    </div>
  );
}

function save(text: string, name: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: "text/plain;charset=utf-8" }));
  const link = Object.assign(document.createElement("a"), { href: url, download: name });
  link.click();
  URL.revokeObjectURL(url);
}
