import type { Words } from "../words.ts";

const verdicts: Words["result"]["verdicts"] = {
  much: "Es hat dein Motiv gelernt.",
  closer: "Es hat dein Motiv zum Teil gelernt.",
  barely: "Es hat dein Motiv kaum gelernt.",
  no: "Es hat dein Motiv nicht gelernt.",
};

export const result: Words["result"] = {
  titles: {
    awake: "Bereit für Abzüge",
    waking: "Das Modell wacht auf",
    sleeping: "Das Modell schläft ein",
    asleep: "Entwickelt; das Modell schläft",
    failed: "Das Modell ließ sich nicht wecken",
    gone: "Sein Modell wurde gelöscht",
  },
  leads: {
    awake:
      "Das Modell kennt dein Motiv unter seinem Wort. Schreib, was du sehen willst; es schläft von selbst ein, wenn niemand Abzüge macht.",
    waking: "Das dauert ein paar Minuten. Du kannst das Fenster schließen; es geht weiter.",
    sleeping: "Seine Maschine wird zurückgegeben. Das Modell und seine Abzüge bleiben.",
    asleep: "Eine Weile machte niemand Abzüge, darum wurde die Maschine zurückgegeben. Weck es für neue; das dauert ein paar Minuten.",
    failed: "Es kam nicht rechtzeitig eine Maschine hoch. Weck es später noch einmal; nichts ist verloren.",
    gone: "Der Bogen und seine Bilder sind noch da. Für neue Abzüge leg einen neuen Bogen an.",
  },
  print: "Abzüge machen",
  wake: "Wecken",
  weights: "Gewichte herunterladen",
  again: "Mit mehr Bildern noch einmal entwickeln",
  fresh: "Neuen Bogen anlegen",

  compare: "Vorher und nachher",
  compareLead: (prompt) => `Dieselben Worte, „${prompt}“, und dieselbe Startzahl. Was anders ist, wurde gelernt.`,
  view: "Wie vergleichen",
  views: { beside: "Nebeneinander", divider: "Mit Trennlinie" },
  before: "Vorher",
  after: (subject) => `Kennt „${subject}“`,
  altBefore: (prompt) => `Was das Modell vorher zu „${prompt}“ zeichnet`,
  altAfter: (prompt) => `Was das entwickelte Modell zu „${prompt}“ zeichnet`,
  divider: "Trennlinie: Anteil von vorher",
  dividerValue: (percent) => `${percent} vorher`,
  dividerHelp: "Pfeiltasten bewegen sie, Pos1 und Ende führen an den Rand.",
  seeds: "Welcher der Abzüge",
  seed: (number) => `Abzug ${number}`,
  pictureGone: "Die Bilder von vorher und nachher sind nicht mehr da.",

  likeness: "Ähnlichkeit",
  verdicts,
  figure: (after) => `Ähnlichkeit ${after} von 1`,
  means:
    "Wie ähnlich die Abzüge deinen Bildern sind: 0 heißt gar nicht, 1 ganz gleich. Auch deine eigenen Bilder erreichen untereinander selten 1.",
  untuned: (before) => `Vorher erreichte das Modell mit denselben Worten und Startzahlen ${before}.`,
  unmeasured:
    "Wie ähnlich die Abzüge deinen Bildern sind, hat niemand gemessen: das Grundmodell hier bringt nichts zum Messen mit. Vergleich mit dem Auge.",
  tryTitle: "Was du versuchen kannst",
  tries: [
    "Bilder, auf denen das Motiv größer ist, von mehr Seiten, vor anderen Hintergründen.",
    "Mehr Sorgfalt: gründlich statt schnell oder normal.",
    "Ein anderes eigenes Wort, eines, das noch nichts bedeutet.",
  ],

  steps: "Schritte",
  stepsDone: (step) => `alle ${step}`,
  stepsOf: (step, total) => `${step} von ${total}`,
  kept: "Behaltener Schritt",
  keptLast: "der letzte",
  keptStopped: "wo du aufgehört hast",
  pictures: "Bilder",
  took: "Dauerte",
  lineage: "Fassungen, Gewichte und woher es kommt",
  how: "Wie es dazu kam",
  follow: "Der ganze Verlauf",

  clock: "Was wie lange bleibt",
  clockPictures: (day) => `Deine Bilder werden am ${day} gelöscht.`,
  clockDeleted: (day) => `Deine Bilder wurden am ${day} gelöscht.`,
  clockModel: "Das Modell, seine Proben und deine Abzüge bleiben, bis du sie löschst.",
};
