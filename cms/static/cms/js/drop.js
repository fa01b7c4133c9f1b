// The file form of the verification page: a PDF dropped on it is checked at once. Without this script it is a plain form.
for (const form of document.querySelectorAll("form[data-drop]")) {
  const input = form.querySelector('input[type="file"]');
  const status = form.querySelector("[data-drop-status]");
  form.querySelector("[data-drop-hint]").hidden = false;

  const carriesFiles = (event) => event.dataTransfer?.types.includes("Files");
  const mark = (isOver) => form.classList.toggle("is-over", isOver);

  form.addEventListener("dragover", (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = "copy";
    mark(true);
  });
  form.addEventListener("dragleave", (event) => {
    if (!form.contains(event.relatedTarget)) mark(false);
  });
  form.addEventListener("drop", (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    mark(false);
    if (!event.dataTransfer.files.length) return;
    const one = new DataTransfer();
    one.items.add(event.dataTransfer.files[0]);
    input.files = one.files;
    form.requestSubmit();
  });
  form.addEventListener("submit", () => {
    status.textContent = status.dataset.checking;
  });
}
