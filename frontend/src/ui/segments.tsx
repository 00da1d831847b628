import type { ReactNode } from "react";
import { Label, Radio, RadioGroup, Text } from "react-aria-components/RadioGroup";
import { Edge, Plate } from "./film.tsx";
import "./fields.css";

type Choice<Id extends string> = { readonly id: Id; readonly label: string };
type GroupProps<Id extends string, Option extends Choice<Id>> = {
  label: string;
  /** Where the page says what is chosen already, the label is for screen readers only. */
  labelUnseen?: boolean;
  value: Id;
  options: readonly Option[];
  onChange(id: Id): void;
  help?: ReactNode;
  isDisabled?: boolean;
};

/** One of a few, side by side. Arrow keys choose. */
export function Segments<Id extends string>(props: GroupProps<Id, Choice<Id>>) {
  return (
    <Group {...props} className="field">
      <div className="segments">
        {props.options.map(({ id, label }) => (
          <Radio key={id} value={id} className="segment">
            {label}
          </Radio>
        ))}
      </div>
    </Group>
  );
}

type FilmChoice<Id extends string> = Choice<Id> & {
  /** A sentence on the frame, where it has no picture. */
  readonly sentence?: ReactNode;
  readonly picture?: string | undefined;
  readonly fact?: ReactNode;
};

/** One of a few frames of a film, the chosen one outlined. */
export function RadioFilm<Id extends string>(props: GroupProps<Id, FilmChoice<Id>>) {
  return (
    <Group {...props} className="field">
      <div className="film radio-film">
        {props.options.map(({ id, label, sentence, picture, fact }) => (
          <Radio key={id} value={id} className="frame radio-frame">
            <Plate picture={picture} className={picture ? "" : "plate-words"}>
              {sentence ? <p>{sentence}</p> : null}
            </Plate>
            <Edge left={label} right={fact} />
          </Radio>
        ))}
      </div>
    </Group>
  );
}

function Group<Id extends string>({
  label,
  labelUnseen = false,
  value,
  onChange,
  help,
  isDisabled = false,
  className,
  children,
}: GroupProps<Id, Choice<Id>> & { className: string; children: ReactNode }) {
  return (
    <RadioGroup className={className} value={value} onChange={(id) => onChange(id as Id)} isDisabled={isDisabled} orientation="horizontal">
      <Label className={labelUnseen ? "unseen" : "label"}>{label}</Label>
      {children}
      {help ? (
        <Text slot="description" className="help">
          {help}
        </Text>
      ) : null}
    </RadioGroup>
  );
}
