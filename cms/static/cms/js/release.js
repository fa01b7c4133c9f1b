// Follows a release that is under way and shows the page anew when it has ended.
const section = document.querySelector("[data-release-progress]");
const MOVING = new Set(["waiting", "running"]);

async function follow() {
  const answer = await fetch(section.dataset.releaseProgress, { headers: { Accept: "application/json" } });
  if (!answer.ok) return;
  const { state, done } = await answer.json();
  if (!MOVING.has(state)) {
    window.location.reload();
    return;
  }
  const bar = section.querySelector("progress");
  if (bar) bar.value = done;
  window.setTimeout(follow, 1500);
}

if (section && MOVING.has(section.dataset.state)) window.setTimeout(follow, 1000);
