// Before the first paint, so that nobody sees the wrong light or language. A file of its own: the policy allows no script inside the page.
(() => {
  const html = document.documentElement;
  const theme = localStorage.getItem("theme");
  const language = [localStorage.getItem("language") || "", ...navigator.languages]
    .map((tag) => tag.slice(0, 2).toLowerCase())
    .find((tag) => tag === "en" || tag === "de");
  html.lang = language || "en";
  if (theme !== "light" && theme !== "dark") return;
  html.dataset.theme = theme;
  for (const meta of document.querySelectorAll('meta[name="theme-color"]')) meta.media = meta.dataset.light === theme ? "all" : "not all";
})();
