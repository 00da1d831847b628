import type { Words } from "../words.ts";

const UNKNOWN_PAGE = "Diese Seite und der Dienst verstehen sich nicht";
const CUT = {
  sentence: "Das Bild kam nicht ganz an",
  cause: "Die Leitung brach unterwegs ab. Sende es noch einmal; die anderen bleiben, wie sie sind.",
};

const said: Words["problems"]["said"] = {
  OFFLINE: {
    sentence: "Du bist offline",
    cause: "Was gesendet wurde, ist sicher, was du geschrieben hast, bleibt hier. Es geht weiter, sobald das Netz zurück ist.",
  },
  NO_ACCESS: {
    sentence: "Dieses Portal ist für dich nicht freigegeben",
    cause: "Bitte den Betreiber, deine Adresse zuzulassen. Oder melde dich mit einer anderen an.",
  },
  NEWER: {
    sentence: "Das Portal wurde erneuert",
    cause: "Ein Teil dieser Seite ist mit dem alten verschwunden. Lade neu, um das neue zu bekommen.",
  },
  BROKEN: {
    sentence: "Auf dieser Seite ging etwas kaputt",
    cause: "Nichts, was gesendet wurde, ist verloren. Lade neu; geht es wieder kaputt, nimm einen anderen Weg.",
  },

  VALIDATION: { sentence: "Im Formular stimmt etwas nicht", cause: "Sieh nach, was markiert ist, und sende es noch einmal." },
  NOT_SIGNED_IN: {
    sentence: "Deine Sitzung ist abgelaufen",
    cause: "Melde dich wieder an. Was du geschrieben und gewählt hast, bleibt auf dieser Seite.",
  },
  CROSS_SITE: { sentence: UNKNOWN_PAGE, cause: "Die Anfrage sah nicht aus wie eine von dieser Seite. Lade sie neu." },
  NOT_FOUND: { sentence: "Das ist nicht mehr hier", cause: "Es wurde gelöscht oder gehört jemand anderem." },
  NOT_ALLOWED: { sentence: "Der Bogen ist inzwischen weiter", cause: "Sieh nach, wo er jetzt ist; was dort geht, steht dort." },
  NOT_READY: { sentence: "Das Modell ist noch nicht fertig", cause: "Es macht Abzüge, sobald der Bogen entwickelt ist." },
  ASLEEP: {
    sentence: "Das Modell schläft",
    cause: "Eine Weile machte niemand Abzüge, darum wurde seine Maschine zurückgegeben. Wecke es, dann geht es.",
  },
  CONSENT_MISSING: {
    sentence: "Sag zuerst, dass du diese Bilder verwenden darfst",
    cause: "Setze den Haken über dem Knopf; ohne ihn wird nichts entwickelt.",
  },
  PICTURES_MISSING: { sentence: "Einige Bilder sind noch unterwegs", cause: "Warte auf sie oder lass sie weg, dann geht es weiter." },
  TOO_FEW_PICTURES: {
    sentence: "Das sind zu wenige Bilder",
    cause: "Aus so wenigen lernt ein Modell nichts. Füge welche hinzu, von anderen Seiten.",
  },
  TOO_MANY_PICTURES: { sentence: "Das sind zu viele Bilder", cause: "Mehr helfen nicht. Lass einige weg." },
  PICTURE_REFUSED: {
    sentence: "Dieses Bild lässt sich nicht verwenden",
    cause: "Exportiere es als JPEG, PNG oder HEIC und füge es wieder hinzu. Die anderen bleiben, wie sie sind.",
  },
  PICTURE_REMOVED: {
    sentence: "Dieses Bild wurde entfernt",
    cause: "In einem anderen Fenster, oder es wartete zu lange. Wähle es noch einmal.",
  },
  PICTURE_CONFLICT: { sentence: "An dieser Stelle liegt ein anderes Bild", cause: "Entferne es und füge deines wieder hinzu." },
  CHECKSUM: {
    sentence: "Das Bild hat sich unterwegs verändert",
    cause: "Die Leitung hat es verstümmelt; gespeichert wurde nichts. Sende es noch einmal.",
  },
  SIZE_MISMATCH: {
    sentence: "Die Datei wurde geändert, seit du sie gewählt hast",
    cause: "Wähle sie noch einmal; dann kommt sie so an, wie sie jetzt ist.",
  },
  CUT_SHORT: CUT,
  LENGTH_REQUIRED: CUT,
  TOO_LARGE: { sentence: "Das ist größer, als hier geht", cause: "Exportiere es kleiner und füge es wieder hinzu." },
  KEY_REUSED: { sentence: "Danach wurde schon mit anderen Worten gefragt", cause: "Nichts geschah doppelt. Versuche es noch einmal." },
  KEY_IN_FLIGHT: { sentence: "Das ist schon unterwegs", cause: "Auf den ersten Druck wird noch geantwortet. Warte einen Moment." },
  VERSION_MISSING: { sentence: UNKNOWN_PAGE, cause: "Die Seite ist älter als der Dienst. Lade sie neu." },
  VERSION_STALE: {
    sentence: "Das wurde in einem anderen Fenster geändert",
    cause: "Lade neu, um es zu sehen. Was du behalten willst, kopiere vorher.",
  },
  TOO_MANY_JOBS: {
    sentence: "Mehr offene Bögen gehen für dich nicht",
    cause: "Bring einen zu Ende oder halte einen an; dann ist wieder Platz.",
  },
  OVER_QUOTA: {
    sentence: "Für heute ist dein Kontingent verbraucht",
    cause: "Um Mitternacht UTC beginnt es neu. Was läuft, läuft weiter.",
  },
  BUSY: { sentence: "Gerade kommt viel auf einmal an", cause: "Nichts ist verloren. Gleich ist wieder Platz." },
  INTAKE_PAUSED: {
    sentence: "Gerade wird nichts Neues angenommen",
    cause: "Das Budget ist aufgebraucht, oder die Tür ist eine Weile zu. Was läuft, läuft weiter; deine Bilder bleiben.",
  },
  CONTENDED: { sentence: "Es geschah zu viel auf einmal", cause: "Nichts wurde geändert. Versuche es gleich noch einmal." },
  UNAVAILABLE: {
    sentence: "Ein Teil des Dienstes antwortet nicht",
    cause: "Nichts ist verloren. Meist ist er nach einer Minute wieder da.",
  },
  INTERNAL: { sentence: "Bei uns ging etwas kaputt", cause: "Nichts ist verloren, und jemand weiß davon." },
  WEBHOOK_REFUSED: {
    sentence: "Diese Adresse lässt sich nicht aufrufen",
    cause: "Es muss eine https-Adresse sein, die jeder im Internet erreicht.",
  },
  METHOD_NOT_ALLOWED: { sentence: UNKNOWN_PAGE, cause: "Die Seite ist älter als der Dienst. Lade sie neu." },
  BAD_REQUEST: { sentence: UNKNOWN_PAGE, cause: "Der Dienst konnte die Anfrage nicht lesen. Lade die Seite neu." },
};

export const problems: Words["problems"] = {
  said,
  // der Dienst spricht nur Englisch
  exactly: () => "",
};
