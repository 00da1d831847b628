import type { Words } from "../words.ts";

const states: Words["job"]["states"] = {
  draft: "ausgelegt",
  uploading: "ausgelegt",
  uploaded: "abgegeben",
  queued: "in der Reihe",
  provisioning: "Maschine",
  training: "wird entwickelt",
  evaluating: "wird geprüft",
  registering: "wird abgelegt",
  deploying: "wacht auf",
  ready: "fertig",
  cancelling: "hält an",
  failed: "nicht entwickelt",
  cancelled: "angehalten",
  expired: "verfallen",
  retired: "schläft",
};

const steps: Words["job"]["steps"] = {
  choose: "wählen",
  describe: "beschreiben",
  check: "prüfen",
  follow: "zusehen",
  result: "Ergebnis",
  print: "Abzüge",
};

export const job: Words["job"] = {
  sheet: (code) => `BOGEN ${code}`,
  pictures: (count) => `${count} ${count === 1 ? "Bild" : "Bilder"}`,
  attempt: (attempt) => `Versuch ${attempt}`,
  today: (time) => `heute, ${time}`,
  yesterday: (time) => `gestern, ${time}`,
  earlier: (day, time) => `${day}, ${time}`,
  states,
  steps,
  journey: "Von Bildern zu Abzügen",
  place: { done: "erledigt", "to come": "kommt noch" },
  fetching: "Einen Moment",
  fetchingFilm: "Der Bogen wird geholt",
  notLive: (clock) => `Seit ${clock} nicht mehr live. Wir schauen weiter nach; was inzwischen geschieht, geht nicht verloren.`,
  liveAgain: "Wieder live.",
};
