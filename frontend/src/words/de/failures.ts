import type { Words } from "../words.ts";

/** Why a sheet did not develop, and what helps. */
export const failures: Words["follow"]["failures"] = {
  stopped: {
    sentence: "Das Entwickeln brach ab",
    cause: "Die Maschine, die aus deinen Bildern lernte, blieb stehen, bevor sie fertig war. An deinen Bildern liegt es nicht.",
    help: "Entwickle ihn noch einmal. Bricht es wieder ab, sag deinem Plattform-Team Bescheid: mit der Nummer des Bogens findet es die Stelle.",
    line: "Die Maschine blieb stehen, bevor sie fertig war.",
  },
  astray: {
    sentence: "Das Lernen lief aus dem Ruder",
    cause: "Von Schritt zu Schritt vergaß das Modell mehr, als es lernte, bis nichts davon übrig war.",
    help: "Entwickle ihn noch einmal; dann beginnt es an anderer Stelle. Geht es wieder schief, leg einen neuen Bogen mit weniger Schritten an.",
    line: "Das Lernen lief aus dem Ruder.",
  },
  unlearnt: {
    sentence: "Es hat dein Motiv nicht gelernt",
    cause: "Was es jetzt zeichnet, ähnelt deinen Bildern nicht mehr als das, was das Modell vorher zeichnete.",
    help: "Am meisten helfen andere Bilder: das Motiv größer, von mehr Seiten, vor verschiedenen Hintergründen. Schneide weg, was nicht dazugehört.",
    line: "Es hat das Motiv nicht gelernt. Andere Bilder helfen.",
  },
  wake: {
    sentence: "Das Modell kam nicht zum Laufen",
    cause: "Es wurde entwickelt, aber die Maschine, die damit Abzüge machen soll, kam nicht hoch oder zeichnete nichts.",
    help: "Entwickle ihn noch einmal. Klappt das auch nicht, sag deinem Plattform-Team Bescheid: vielleicht sind die Maschinen vergeben.",
    line: "Entwickelt, aber es kam nicht zum Laufen.",
  },
  run: {
    sentence: "Der Lauf endete zu früh",
    cause: "Etwas rund um die Maschine gab auf, bevor das Modell fertig war. An deinen Bildern liegt es nicht.",
    help: "Entwickle ihn noch einmal. Endet es wieder zu früh, sag deinem Plattform-Team Bescheid.",
    line: "Der Lauf endete, bevor das Modell fertig war.",
  },
  start: {
    sentence: "Er ließ sich nicht starten",
    cause: "Der Bogen war abgegeben, aber trotz vieler Versuche begann kein Lauf. Gekostet hat es nichts.",
    help: "Entwickle ihn noch einmal. Klappt es wieder nicht, sag deinem Plattform-Team Bescheid.",
    line: "Es ließ sich kein Lauf starten.",
  },
  deadline: {
    sentence: "Es dauerte zu lange",
    cause: "Der Bogen blieb länger in einem Abschnitt, als er darf. Die Maschine wurde zurückgegeben, bevor sie mehr kostete.",
    help: "Entwickle ihn noch einmal. Abends und am Wochenende sind oft mehr Maschinen frei.",
    line: "Es dauerte zu lange und wurde aufgegeben.",
  },
  unknown: {
    sentence: "Dieser Bogen wurde nichts",
    cause: "Für den Grund, den der Dienst nannte, hat diese Seite keine Worte. Er steht unten, wie der Dienst ihn schrieb.",
    help: "Entwickle ihn noch einmal. Klappt es wieder nicht, zeig deinem Plattform-Team, was unten steht.",
    line: "Er wurde nichts.",
  },
};
