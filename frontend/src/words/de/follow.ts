import type { Words } from "../words.ts";
import { failures } from "./failures.ts";

const many = (count: number, one: string, more: string) => `${count} ${count === 1 ? one : more}`;

const SAFE = "Du kannst das Fenster schließen; es geht weiter.";

type Follow = Words["follow"];

const headings: Follow["headings"] = {
  uploaded: "Abgegeben",
  queued: "In der Reihe",
  provisioning: "Eine Maschine läuft warm",
  training: "Wird entwickelt",
  evaluating: "Die Ähnlichkeit wird geprüft",
  registering: "Das Modell wird abgelegt",
  deploying: "Das Modell wacht auf",
  ready: "Bereit für Abzüge",
  cancelling: "Hält an",
  failed: "Dieser Bogen wurde nichts",
  cancelled: "Angehalten",
  expired: "Zu lange liegen geblieben",
  retired: "Fertig; das Modell schläft",
};

const next: Follow["next"] = {
  uploaded: (count) => `${many(count, "Bild ist", "Bilder sind")} da. Jetzt wird ein Platz in der Reihe geholt. ${SAFE}`,
  queued: () => `Der Bogen kommt dran, sobald ein Platz frei ist. ${SAFE}`,
  provisioning: (count) =>
    `Eine Maschine wird geholt. Sie nimmt ${count === 1 ? "dein Bild" : `deine ${count} Bilder`} und das Modell, das sie verändern. ${SAFE}`,
  training: () => `Dann wird es geprüft und geweckt. ${SAFE}`,
  evaluating: (count) =>
    `Abzüge von vorher und nachher werden mit ${count === 1 ? "deinem Bild" : `deinen ${count} Bildern`} verglichen. ${SAFE}`,
  registering: () => `Das Modell bekommt seinen Platz bei deinen Modellen, wo es bleibt. ${SAFE}`,
  deploying: () => `Das Modell zieht auf eine Maschine, die antwortet. Das ist der letzte Schritt. ${SAFE}`,
  ready: () => "Das Modell kennt dein Motiv. Sieh dir an, was es gelernt hat, dann schreib, was du sehen willst.",
  cancelling: () => "Die Maschine wird zurückgegeben. Das dauert einen Moment.",
  failed: () => "Der Dienst hat nicht gesagt, warum.",
  cancelled: () => "Du hast diesen Bogen angehalten. Seine Bilder sind noch da: er lässt sich wieder entwickeln.",
  expired: () => "Die Bilder wurden nicht innerhalb eines Tages abgegeben, darum sind sie gelöscht. Leg einen neuen Bogen an.",
  retired: () => "Eine Weile machte niemand Abzüge, darum wurde die Maschine zurückgegeben. Wecken dauert ein paar Minuten.",
};

const stages: Follow["stages"] = {
  queued: "Reihe",
  provisioning: "Maschine",
  training: "entwickeln",
  evaluating: "prüfen",
  registering: "ablegen",
  deploying: "wecken",
  ready: "fertig",
};

const announced: Follow["announced"] = {
  draft: "",
  uploading: "",
  uploaded: "Der Bogen ist abgegeben.",
  queued: "Der Bogen steht in der Reihe.",
  provisioning: "Eine Maschine läuft warm.",
  training: "Das Entwickeln hat begonnen.",
  evaluating: "Fertig entwickelt. Die Ähnlichkeit wird geprüft.",
  registering: "Das Modell wird abgelegt.",
  deploying: "Das Modell wacht auf.",
  ready: "Bereit für Abzüge.",
  cancelling: "Der Bogen wird angehalten.",
  failed: "Der Bogen wurde nichts. Die Seite sagt, warum.",
  cancelled: "Der Bogen ist angehalten.",
  expired: "Der Bogen blieb zu lange liegen.",
  retired: "Das Modell ist eingeschlafen.",
};

const happened: Follow["happened"] = {
  draft: "Ein neuer Bogen wurde angelegt.",
  uploading: "Die ersten Bilder kamen.",
  uploaded: "Der Bogen wurde abgegeben.",
  queued: "Er kam in die Reihe.",
  provisioning: "Eine Maschine wurde geholt.",
  training: "Das Entwickeln begann.",
  evaluating: "Das Entwickeln war fertig; die Ähnlichkeit wurde geprüft.",
  registering: "Das Modell wurde abgelegt.",
  deploying: "Das Modell wurde geweckt.",
  ready: "Bereit für Abzüge.",
  cancelling: "Du hast ihn angehalten.",
  failed: "Hier war Schluss.",
  cancelled: "Die Maschine wurde zurückgegeben.",
  expired: "Er blieb zu lange liegen.",
  retired: "Das Modell ist eingeschlafen.",
};

export const follow: Follow = {
  headings,
  next,
  stages,
  announced,
  happened,
  failures,
  developing: (step, total) => `Wird entwickelt: ${step} von ${total} Schritten`,
  finishing: "Was gelernt ist, bleibt",
  finishingLead: `Beim nächsten Schritt hält die Maschine an; dann wird das Modell geprüft und geweckt. ${SAFE}`,
  handedInAgain: (attempt) => `Der Bogen wurde noch einmal abgegeben, Versuch ${attempt}.`,
  handedIn: (count) => `${many(count, "Bild wurde", "Bilder wurden")} abgegeben.`,
  refused: (count) => ` ${many(count, "Bild wurde abgelehnt und wird", "Bilder wurden abgelehnt und werden")} nicht gelernt.`,
  finished: "Du hast hier aufgehört, um es zu behalten.",

  range: {
    between: (low, high) => `Noch zwischen ${low} und ${high} Minuten.`,
    long: (low, high) => `Noch zwischen ${low} und ${high}.`,
    atMost: (high) => (high === 1 ? "Noch weniger als eine Minute." : `Noch höchstens ${high} Minuten.`),
    atMostLong: (high) => `Noch höchstens ${high}.`,
    over: (usual) => `Das dauert länger als die üblichen ${usual}. Es läuft noch.`,
    unknown: "Wie lange es dauert, ist noch nicht bekannt.",
  },
  basis: {
    history: (jobs) => `aus ${many(jobs, "Bogen", "Bögen")} wie diesem`,
    config: "geschätzt: wie dieser wurden noch zu wenige Bögen entwickelt",
  },

  film: "Die Abschnitte dieses Bogens",
  when: { past: "erledigt", now: "jetzt", "to come": "kommt noch", ended: "endete hier" },
  shot: {
    pictures: (count) => many(count, "Bild", "Bilder"),
    sample: (number) => `Probe ${number}`,
    of: (total) => `von ${total}`,
    at: (step) => `bei ${step}`,
    like: (share) => `ähnlich ${share}`,
    ended: "endete hier",
  },
  loupe: {
    open: (label) => `Probe bei Schritt ${label}, näher ansehen`,
    checked: "Die Prüfung nach dem Entwickeln, näher ansehen",
    label: (label) => `Probe bei Schritt ${label}`,
    alt: (prompt, step) => `Was das Modell nach ${step} Schritten zu „${prompt}“ zeichnete`,
    altChecked: (prompt) => `Was das fertige Modell zu „${prompt}“ zeichnet`,
    checkedLabel: "Die Prüfung nach dem Entwickeln",
    step: (step, total) => `Schritt ${step} von ${total}`,
    same: "Jede Probe entsteht aus denselben Worten und Startzahlen. Was anders ist, wurde gelernt.",
    earlier: "Frühere",
    later: "Spätere",
    close: "Schließen",
  },

  loss: {
    title: "Wie weit es danebenliegt",
    meaning: "Die Linie sollte sinken und dann zittern. Ein niedriger Wert verspricht nichts: Trau den Proben.",
    y: "Fehler",
    x: "Schritte",
    alt: (first, from, last, to) => `Fehler: ${first} bei Schritt ${from}, ${last} bei Schritt ${to}.`,
    lowest: (loss, step) => ` Am niedrigsten: ${loss} bei Schritt ${step}.`,
    numbers: "Die Zahlen",
    step: "Schritt",
    mean: "Die dicke Linie ist das Mittel ihrer Nachbarn.",
  },

  now: {
    title: "Gerade jetzt",
    waited: "Wartet seit",
    takes: "Dieser Abschnitt bisher",
    reason: "Worauf",
    reasons: {
      uploaded: "auf einen Platz in der Reihe",
      queued: "bis er dran ist: andere Bögen sind vor ihm, oder alle Maschinen sind vergeben",
      provisioning: "auf eine freie Maschine, und bis das Modell darauf geladen ist",
      evaluating: "auf die Abzüge von vorher und nachher",
      registering: "auf den Platz bei deinen Modellen",
      deploying: "auf eine Maschine für Abzüge",
      cancelling: "bis die Maschine zurückgegeben ist",
    },
    cost: "Was das Warten kostet",
    nothing: "nichts",
    until: "Aufgegeben um",
    untilWhy: "Bewegt sich bis dahin nichts, beendet ihn der Dienst und sagt es hier; dann lässt er sich noch einmal entwickeln.",
  },
  facts: {
    title: "Dieser Bogen",
    pictures: "Bilder",
    prompt: "Worte, auf die es hört",
    steps: "Schritte",
    stepsOf: (step, total) => `${step} von ${total}`,
    spent: "Kosten bisher",
    price: "Kosten insgesamt meist",
    spentNote: "Es zählt nur die Zeit der Maschine, die entwickelt.",
    about: (money) => `etwa ${money}`,
    estimate: "Zeit insgesamt meist",
    likely: (low, high) => `${low} bis ${high}`,
  },

  seeResult: "Ergebnis ansehen",
  cancel: "Abbrechen",
  cancelling: "Hält an",
  cancelTitle: "Diesen Bogen anhalten?",
  cancelWaiting:
    "Er verliert seinen Platz in der Reihe. Gelernt oder ausgegeben wurde nichts. Die Bilder bleiben: er lässt sich wieder entwickeln.",
  cancelLearning:
    "Was bisher gelernt wurde, geht verloren, und die Maschine wird zurückgegeben. Die Bilder bleiben: er lässt sich wieder entwickeln.",
  cancelInstead: "Willst du behalten, was gelernt ist, nimm „Hier aufhören und behalten“.",
  cancelYes: "Anhalten",
  cancelNo: "Weiterlaufen lassen",
  keep: "Hier aufhören und behalten",
  keeping: "Die Maschine erfährt es",
  keepTitle: (step) => `Bei Schritt ${step} aufhören und behalten?`,
  keepText: "Was bis dahin gelernt ist, wird das Modell; es wird geprüft und geweckt wie jedes andere. Zurück geht es nicht.",
  keepLess: (total) => `Vielleicht ähnelt es deinen Bildern weniger als nach allen ${total} Schritten.`,
  keepYes: "Aufhören und behalten",
  keepNo: "Weiterlaufen lassen",
  retry: "Noch einmal entwickeln",
  retrying: "Wird abgegeben",
  retriesLeft: (left) => (left === 1 ? "Für diese Bilder bleibt noch ein Versuch." : `Für diese Bilder bleiben noch ${left} Versuche.`),
  noRetries: "Diese Bilder hatten alle ihre Versuche. Ein neuer Bogen fängt frisch an.",
  fresh: "Neuen Bogen anlegen",
  helps: "Was hilft",
  said: "Wie der Dienst es schrieb",

  diary: "Was geschah",
};
