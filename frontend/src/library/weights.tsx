import { useMutation } from "@tanstack/react-query";
import { download } from "../api/models.ts";
import type { Model, Version } from "../api/types.ts";
import { Button } from "../ui/button.tsx";
import { ErrorNotice } from "../ui/notice.tsx";
import { bytes } from "../words/format.ts";
import { useLanguage, useWords } from "../words/words.ts";
import { Fold } from "./fold.tsx";
import { useWeights } from "./queries.ts";
import { type File, type Folder, folders, total } from "./storage.ts";

/** The files of a version, and how to take them along. */
export function Weights({ model, version }: { model: Model; version: Version }) {
  const { weights: say } = useWords().library;
  const language = useLanguage();
  const { data: weights, error, refetch } = useWeights(model.id, version.number);
  const files = weights?.files ?? [];
  return (
    <section aria-labelledby="weights">
      <h2 id="weights">{say.heading}</h2>
      {error ? <ErrorNotice error={error} again={refetch} /> : null}
      {!weights && !error ? <p role="status">{say.fetching}</p> : null}
      {weights ? <p className="quiet">{files.length > 0 ? say.lead(files.length, bytes(total(files), language)) : say.none}</p> : null}
      {weights && files.length > 0 ? (
        <Fold title={say.show(files.length)}>
          <p className="help">{say.minutes(weights.minutes)}</p>
          {folders(files).map((folder) => (
            <FolderTable key={folder.name} folder={folder} />
          ))}
        </Fold>
      ) : null}
    </section>
  );
}

function FolderTable({ folder }: { folder: Folder }) {
  const { weights: say } = useWords().library;
  const language = useLanguage();
  return (
    <table className="files">
      <caption>
        <span>{folder.name ? `${folder.name}/` : say.top}</span> <span className="print">{bytes(folder.size, language)}</span>
      </caption>
      <thead className="unseen">
        <tr>
          <th scope="col">{say.file}</th>
          <th scope="col">{say.size}</th>
          <th scope="col">{say.get}</th>
        </tr>
      </thead>
      <tbody>
        {folder.files.map((file) => (
          <FileRow key={file.name} file={file} within={folder.name} />
        ))}
      </tbody>
    </table>
  );
}

function FileRow({ file, within }: { file: File; within: string }) {
  const { weights: say } = useWords().library;
  const language = useLanguage();
  const get = useMutation({ mutationFn: () => download(file.url) });
  return (
    <>
      <tr>
        <th scope="row" className="print">
          {file.name.slice(within ? within.length + 1 : 0)}
        </th>
        <td>{bytes(file.size, language)}</td>
        <td>
          <Button
            kind="bare"
            isPending={get.isPending}
            doing={say.getting}
            onPress={() => get.mutate()}
            aria-label={say.getNamed(file.name)}
          >
            {say.get}
          </Button>
        </td>
      </tr>
      {get.error ? (
        <tr>
          <td colSpan={3}>
            <ErrorNotice error={get.error} again={() => get.mutate()} />
          </td>
        </tr>
      ) : null}
    </>
  );
}
