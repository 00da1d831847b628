import type { Words } from "../words.ts";

export const shell: Words["shell"] = {
  product: "sd for designers",
  home: "sd for designers, deine Bögen",
  skip: "Direkt zur Seite",
  pages: "Seiten",
  sheets: "Bögen",
  prints: "Abzüge",
  models: "Modelle",
  newSheet: "Neuer Bogen",
  account: "Du",
  accountOf: (email) => `Du, ${email}`,
  open: (open, most) => `${open} von ${most} Bögen offen`,
  settings: "Sprache und Licht",
  language: "Sprache",
  light: "Licht",
  lights: { system: "System", light: "Hell", dark: "Dunkel" },
  opening: "Die Seite wird geöffnet",

  close: "Schließen",
  cancel: "Abbrechen",
  required: "nötig",
  working: "Einen Moment",
  fetching: "Das wird gerade geholt",

  again: "Noch einmal",
  reload: "Neu laden",
  signIn: "Anmelden",
  toSheets: "Deine Bögen",
  toAllowance: "Dein Kontingent",
  trace: (id) => `Wenn es so bleibt, nenne dem Betreiber: ${id}`,

  slow: "Der Dienst braucht länger als sonst. Nichts ist verloren; es geht weiter, sobald er antwortet.",
  offline: "Du bist offline. Was gesendet wurde, ist sicher, und was du geschrieben hast, bleibt hier. Die Seite macht von selbst weiter.",
  offlineHeld: "Du bist offline, und jene Seite war noch nicht geholt. Du bist noch da, wo du warst, mit allem, was du geschrieben hast.",
  online: "Du bist wieder online.",

  session: {
    title: "Deine Sitzung ist abgelaufen",
    text: "Was du geschrieben und gewählt hast, bleibt auf dieser Seite. Melde dich in einem eigenen Fenster an; danach geht es hier von selbst weiter.",
    waiting:
      "Deine Anmeldung fehlt noch. Wenn sich kein Fenster geöffnet hat, hält dein Browser es zurück: erlaube es, oder drücke noch einmal.",
    press: "In einem kleinen Fenster anmelden",
    pressAgain: "Fenster noch einmal öffnen",
    back: "Du bist wieder angemeldet. Alles geht weiter.",
    missed: "Das wurde nicht getan, denn deine Sitzung war abgelaufen. Du bist wieder angemeldet.",
    done: "Du bist wieder angemeldet",
    doneText: "Die Seite, von der du kommst, macht von selbst weiter. Du kannst dieses Fenster schließen.",
    doneClose: "Fenster schließen",
  },

  newer: {
    title: "Diese Seite gehört zu einem neueren Portal",
    text: "Das Portal wurde erneuert, während du es offen hattest. Lade neu, um das neue zu bekommen.",
    notice: "Das Portal wurde erneuert. Lade neu, wann es dir passt: bis dahin geht hier alles wie bisher.",
    held: "Jene Seite gehört zu einem neueren Portal und öffnet sich erst nach dem Neuladen. Du bist noch da, wo du warst, mit allem, was du geschrieben hast.",
    reload: "Neu laden",
    later: "Später",
  },
  unreached: {
    title: "Diese Seite kam nicht an",
    text: "Die Verbindung brach ab, während die Seite unterwegs war. Nichts ist verloren.",
    held: "Jene Seite kam nicht an. Du bist noch da, wo du warst, mit allem, was du geschrieben hast.",
  },
  broken: { title: "Diese Seite ist kaputt", text: "Die anderen gehen noch, und nichts, was gesendet wurde, ist verloren." },
  nowhere: {
    title: "Hier ist nichts",
    text: "Die Adresse ist vielleicht abgeschnitten, oder was sie nennt, wurde gelöscht oder gehört jemand anderem.",
  },
};
