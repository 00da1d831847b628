import { Button } from "react-aria-components/Button";
import { ListBox, ListBoxItem } from "react-aria-components/ListBox";
import { Popover } from "react-aria-components/Popover";
import { Label, Select, SelectValue } from "react-aria-components/Select";
import type { Wall } from "../api/generations.ts";
import type { Model } from "../api/types.ts";
import { Segments } from "../ui/segments.tsx";
import { useWords } from "../words/words.ts";

type FiltersProps = { wall: Wall; models: readonly Model[]; onChange(wall: Wall): void };

const ALL = "all";

/** All or the favourites; of all models or of one. */
export function Filters({ wall, models, onChange }: FiltersProps) {
  const { gallery: say } = useWords().generate;
  const options = [
    { id: "all" as const, label: say.all },
    { id: "favourites" as const, label: say.favourites },
  ];
  return (
    <div className="filters">
      <Segments
        label={say.filter}
        labelUnseen
        value={wall.favourite ? "favourites" : "all"}
        options={options}
        onChange={(which) => onChange({ ...wall, favourite: which === "favourites" })}
      />
      {models.length > 0 ? <WhichModel wall={wall} models={models} onChange={onChange} /> : null}
    </div>
  );
}

function WhichModel({ wall, models, onChange }: FiltersProps) {
  const { gallery: say } = useWords().generate;
  return (
    <Select
      className="which"
      selectedKey={wall.model ?? ALL}
      onSelectionChange={(key) => onChange({ ...wall, model: key === ALL || key === null ? undefined : String(key) })}
    >
      <Label className="unseen">{say.model}</Label>
      <Button className="button which-button">
        <SelectValue />
        <svg viewBox="0 0 16 16" aria-hidden="true">
          <path d="M4 6l4 4 4-4" />
        </svg>
      </Button>
      <Popover className="menu-sheet" placement="bottom end">
        <ListBox className="menu" items={[{ id: ALL, name: say.allModels }, ...models]}>
          {({ id, name }) => (
            <ListBoxItem id={id} textValue={name} className="menu-item">
              {name}
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </Select>
  );
}
