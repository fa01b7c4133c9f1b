// The progress of a download in the admin: asks for the numbers, and loads the page anew when it is over.
const bar = document.querySelector("progress[data-archive]");
const text = document.querySelector("[data-archive-text]");
const WAIT_MS = 1500;

async function look() {
  try {
    const response = await fetch(bar.dataset.archive, { headers: { Accept: "application/json" } });
    if (response.ok) {
      const state = await response.json();
      if (state.is_over) return location.reload();
      bar.value = state.done;
      text.textContent = state.text;
    }
  } catch {
    // The network is away for a moment: the next look tells.
  }
  setTimeout(look, WAIT_MS);
}

if (bar) setTimeout(look, WAIT_MS);
