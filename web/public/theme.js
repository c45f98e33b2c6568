// Sets the saved look before the first paint, so that a light page never flashes dark.
(() => {
  const root = document.documentElement.dataset;
  let saved = {};
  try {
    saved = JSON.parse(localStorage.getItem('bezant.look') ?? '{}').state ?? {};
  } catch {
    // A look that cannot be read is no look: the system's choice stands.
  }
  const light = matchMedia('(prefers-color-scheme: light)').matches;
  root.theme =
    saved.theme === 'dark' || saved.theme === 'light' ? saved.theme : light ? 'light' : 'dark';
})();
