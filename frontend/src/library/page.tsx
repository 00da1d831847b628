import "./library.css";

export { ModelPage } from "./model.tsx";
export { ModelsPage } from "./models.tsx";
