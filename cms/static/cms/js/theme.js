// Runs in the head before the first paint: marks that scripts work and applies the stored theme.
(() => {
  const root = document.documentElement;
  const order = ["system", "light", "dark"];
  const read = () => {
    try {
      return localStorage.getItem("theme") || "system";
    } catch {
      return "system";
    }
  };
  const apply = (theme) => {
    if (theme === "light" || theme === "dark") root.dataset.theme = theme;
    else delete root.dataset.theme;
  };
  root.classList.add("js");
  apply(read());

  document.addEventListener("DOMContentLoaded", () => {
    const button = document.querySelector(".theme-toggle");
    if (!button) return;
    const label = () => button.setAttribute("aria-label", button.dataset[`label${read().replace(/^./, (c) => c.toUpperCase())}`]);
    label();
    button.addEventListener("click", () => {
      const next = order[(order.indexOf(read()) + 1) % order.length];
      try {
        localStorage.setItem("theme", next);
      } catch {
        // Storage is switched off: the choice lasts for this page.
      }
      apply(next);
      label();
    });
  });
})();
