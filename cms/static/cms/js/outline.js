// The course outline: always open beside a wide lesson, a closable sheet on small screens; code blocks can be copied.
const drawer = document.getElementById("outline");
const wide = matchMedia("(min-width: 64rem)");

const showCurrent = () => {
  const row = drawer.querySelector("[aria-current]");
  const scroller = wide.matches ? drawer : drawer.querySelector(".outline-side");
  if (!row || !scroller) return;
  const offset = row.getBoundingClientRect().top - scroller.getBoundingClientRect().top;
  scroller.scrollTop += offset - scroller.clientHeight / 3;
};

if (drawer) {
  const fit = () => {
    drawer.open = wide.matches;
    if (wide.matches) showCurrent();
  };
  wide.addEventListener("change", fit);
  fit();

  drawer.addEventListener("toggle", () => drawer.open && showCurrent());
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || wide.matches || !drawer.open) return;
    drawer.open = false;
    drawer.querySelector("summary").focus();
  });
  document.addEventListener("click", (event) => {
    if (!wide.matches && drawer.open && !drawer.contains(event.target)) drawer.open = false;
  });
}

// Without a fragment in the address, a returning reader starts where they stopped.
const resume = document.querySelector("[data-resume]")?.dataset.resume;
if (resume && !location.hash) {
  const block = document.getElementById(`block-${resume}`);
  if (block && block.getBoundingClientRect().top > innerHeight) block.scrollIntoView({ behavior: "instant", block: "start" });
}

for (const button of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) continue;
  const label = button.textContent;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.closest(".code").querySelector("code").textContent);
    button.textContent = button.dataset.copied;
    setTimeout(() => (button.textContent = label), 2000);
  });
}
