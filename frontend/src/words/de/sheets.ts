import type { Words } from "../words.ts";

const pictures = (count: number) => (count === 1 ? "1 Bild liegt" : `${count} Bilder liegen`);

const lines: Words["sheets"]["lines"] = {
  draft: () => "Wartet auf seine Bilder.",
  uploading: (count) => `${pictures(count)} aus.`,
  uploaded: () => "Abgegeben. Ein Platz in der Reihe wird geholt.",
  queued: () => "In der Reihe. Warten kostet nichts.",
  provisioning: () => "Eine Maschine läuft warm.",
  training: () => "Wird entwickelt.",
  evaluating: () => "Die Ähnlichkeit wird geprüft.",
  registering: () => "Das Modell wird abgelegt.",
  deploying: () => "Das Modell wacht auf.",
  ready: () => "Bereit für Abzüge.",
  cancelling: () => "Hält an.",
  cancelled: () => "Angehalten. Er lässt sich wieder entwickeln.",
  expired: () => "Zu lange liegen geblieben; seine Bilder sind gelöscht.",
  retired: () => "Entwickelt. Sein Modell schläft und kostet nichts.",
};

const groups: Words["sheets"]["groups"] = {
  all: "Alle",
  open: "Ausgelegt",
  underway: "In Arbeit",
  trained: "Entwickelt",
  ended: "Nichts geworden",
};

export const sheets: Words["sheets"] = {
  title: "Bögen",
  heading: "Deine Bögen",
  fresh: "Neuen Bogen anlegen",
  fetching: "Deine Bögen werden geholt",
  lines,
  finishing: "Was gelernt ist, bleibt.",
  goOn: "Mach da weiter, wo du warst.",
  more: "Ältere Bögen",
  fetchingMore: "Wird geholt",
  filter: "Welche Bögen",
  groups,
  counted: (group, count) => `${group} ${count}`,
  none: "Unter den bisher geholten Bögen ist keiner.",
  closed: "Gerade werden keine neuen Bögen angenommen",
  closedText: "Das Budget ist aufgebraucht, oder die Tür ist eine Weile zu. Was läuft, läuft weiter, und was du auslegst, bleibt.",

  first: {
    title: "Bring einem Modell eine Sache bei, mit einer Handvoll Bilder",
    lead: "Leg fünf bis zwanzig Bilder von einem Motiv oder einem Stil aus. Daraus wird dein eigenes Modell entwickelt. Es zeigt das Motiv überall, wo du es mit Worten hinstellst.",
    edge: "UNBELICHTET ▸ gespeichert wird erst, wenn du Bilder wählst",
    start: "Deinen ersten Bogen anlegen",
    steps: [
      ["wählen", "Fünf bis zwanzig Bilder von einer Sache."],
      ["beschreiben", "Was es ist, und ein eigenes Wort."],
      ["entwickeln", "Eine Maschine lernt es; du siehst zu oder gehst."],
      ["vergleichen", "Dieselben Worte, vorher und nachher."],
      ["Abzüge", "Schreib, was du sehen willst."],
    ],
  },
};
