// The checklist beside the page editor: asks for the list again, for this page or with everything below it.

document.querySelectorAll("[data-checklist]").forEach((panel) => {
  const result = panel.querySelector("[data-checklist-result]");
  const failed = panel.querySelector("[data-checklist-failed]");
  const buttons = [...panel.querySelectorAll("[data-checklist-load]")];

  async function load(query) {
    buttons.forEach((button) => (button.disabled = true));
    result.setAttribute("aria-busy", "true");
    try {
      const response = await fetch(panel.dataset.checklist + query, { headers: { Accept: "text/html" } });
      failed.hidden = response.ok;
      if (response.ok) result.innerHTML = await response.text();
    } catch {
      failed.hidden = false;
    } finally {
      result.removeAttribute("aria-busy");
      buttons.forEach((button) => (button.disabled = false));
    }
  }

  buttons.forEach((button) => button.addEventListener("click", () => load(button.dataset.checklistLoad)));
});
