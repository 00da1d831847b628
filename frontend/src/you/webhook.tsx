import { type FormEvent, type RefObject, useEffect, useRef, useState } from "react";
import type { Webhook as Address } from "../api/types.ts";
import { Button } from "../ui/button.tsx";
import { Confirm } from "../ui/confirm.tsx";
import { Field } from "../ui/field.tsx";
import { ErrorNotice, Trouble } from "../ui/notice.tsx";
import { clock, day } from "../words/format.ts";
import { useLanguage, useWords } from "../words/words.ts";
import { useDeletingWebhook, usePuttingWebhook, useWebhook } from "./queries.ts";
import { Secret } from "./secret.tsx";

const GIVEN_UP_MS = 100;

/** The address that is called when a sheet is ready or has failed. */
export function Webhook() {
  const { webhook: say } = useWords().you;
  const { data: there, error, refetch } = useWebhook();
  const put = usePuttingWebhook();
  const heading = useRef<HTMLHeadingElement>(null);
  useFocusAfter(there, heading);
  const done = () => {
    put.reset();
    heading.current?.focus();
  };
  return (
    <section className="webhook" aria-labelledby="webhook">
      <h2 id="webhook" ref={heading} tabIndex={-1}>
        {say.heading}
      </h2>
      <p className="quiet">{say.lead}</p>
      {error ? <ErrorNotice error={error} again={refetch} /> : null}
      {there === undefined ? null : <Standing there={there} />}
      {there === undefined ? null : <Form key={there?.url} there={there} put={put} />}
      {put.data?.secret ? <Secret secret={put.data.secret} onDone={done} /> : null}
    </section>
  );
}

/** The button that removed the address is gone with it; the focus would be nowhere. */
function useFocusAfter(there: Address | null | undefined, place: RefObject<HTMLElement | null>) {
  const before = useRef(there);
  useEffect(() => {
    const went = there === null && before.current;
    before.current = there;
    if (!went) return;
    // only once the dialog that asked has given up the focus
    const timer = setTimeout(() => document.activeElement === document.body && place.current?.focus(), GIVEN_UP_MS);
    return () => clearTimeout(timer);
  }, [there, place]);
}

type FormProps = { there: Address | null; put: ReturnType<typeof usePuttingWebhook> };

function Form({ there, put }: FormProps) {
  const { webhook: say } = useWords().you;
  const [url, setUrl] = useState(there?.url ?? "");
  const [isHasty, setHasty] = useState(false);
  const isAddress = /^https?:\/\/[^\s/]+/.test(url);
  const save = (event: FormEvent) => {
    event.preventDefault();
    setHasty(!isAddress);
    if (isAddress) put.mutate(url);
  };
  return (
    <>
      <form className="webhook-form" onSubmit={save} noValidate>
        <Field
          label={say.url}
          type="url"
          value={url}
          onChange={setUrl}
          placeholder={say.placeholder}
          help={there ? say.newSecret : say.help}
          error={isHasty && !isAddress ? say.notHttps : undefined}
        />
        <Button type="submit" isPending={put.isPending} doing={say.saving}>
          {there ? say.change : say.save}
        </Button>
      </form>
      <Trouble of={put} />
    </>
  );
}

function Standing({ there }: { there: Address | null }) {
  const { webhook: say } = useWords().you;
  const language = useLanguage();
  const { mutateAsync } = useDeletingWebhook();
  if (!there) return <p>{say.none}</p>;
  return (
    <div className="standing">
      <p>{say.since(`${day(there.created, language)}, ${clock(there.created, language)}`)}</p>
      <Confirm
        trigger={<Button kind="bare">{say.remove}</Button>}
        title={say.removeTitle}
        yes={say.remove}
        no={say.removeNo}
        doing={say.removing}
        onYes={() => mutateAsync()}
      >
        <p>{say.removeSays}</p>
      </Confirm>
    </div>
  );
}
