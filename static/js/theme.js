/* Runs before the first paint: the theme that this person, or this browser, chose. */
(() => {
  const root = document.documentElement;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const apply = () => {
    const theme = root.dataset.theme;
    const shown = theme === "light" || theme === "dark" ? theme : dark.matches ? "dark" : "light";
    if (root.dataset.bsTheme === shown) return;
    root.dataset.bsTheme = shown;
    dispatchEvent(new CustomEvent("themechange", { detail: shown }));
  };
  try {
    // Signed in, the profile decides: it follows the person to other browsers.
    if (!("person" in root.dataset)) root.dataset.theme = localStorage.getItem("theme") || root.dataset.theme;
  } catch {
    /* storage is switched off: the server's word stands */
  }
  dark.addEventListener("change", apply);
  new MutationObserver(apply).observe(root, { attributeFilter: ["data-theme"] });
  apply();
})();
