// The curriculum of a course: sends its forms in the background, renames in place, and moves rows by keys and pointer.
// Without this script every button is a form that does the same.
const ROW = "[data-page]";

class Curriculum extends HTMLElement {
  connectedCallback() {
    this.tree = this.querySelector("[data-tree]");
    this.live = this.querySelector("[data-live]");
    this.addEventListener("submit", (event) => this.submit(event));
    this.addEventListener("click", (event) => this.click(event));
    this.addEventListener("change", (event) => this.tick(event));
    this.addEventListener("keydown", (event) => this.key(event));
    this.addEventListener("focusout", (event) => this.leave(event));
    for (const kind of ["dragstart", "dragover", "drop", "dragend"]) this.addEventListener(kind, (event) => this[kind](event));
    this.addEventListener("pointerdown", (event) => this.allowDrag(event));
    this.dress();
  }

  // What only works with a script is shown by it.
  dress() {
    for (const part of this.tree.querySelectorAll("[data-grab], [data-all]")) part.hidden = false;
    this.count();
  }

  say(text) {
    this.live.textContent = "";
    requestAnimationFrame(() => { this.live.textContent = text; });
  }

  text(name, row, more = {}) {
    let text = this.dataset[name].replace("%s", row.dataset.title);
    for (const [mark, value] of Object.entries(more)) text = text.replace(`%${mark}`, value);
    return text;
  }

  // --- Forms in the background ---------------------------------------------------------------------------------------

  submit(event) {
    event.preventDefault();
    this.send(new FormData(event.target, event.submitter), keyOf(event.submitter));
  }

  async send(data, focus) {
    if (this.isBusy) return;
    this.isBusy = true;
    this.classList.add("is-busy");
    const ticked = new Set(this.ticked().map((box) => box.value));
    try {
      const response = await fetch(location.pathname, {
        method: "POST", body: data, headers: { "X-Requested-With": "curriculum" },
      });
      if (!response.ok || response.redirected) throw new Error(response.status);
      this.tree.innerHTML = await response.text();
      this.dress();
      for (const box of this.tree.querySelectorAll("input[name=lesson]")) box.checked = ticked.has(box.value);
      this.count();
      this.say([...this.tree.querySelectorAll("[data-note]")].map((note) => note.textContent).join(" "));
      this.tree.querySelector('[data-note="error"]')?.scrollIntoView({ block: "nearest" });
      this.focusOn(this.tree.querySelector(focus));
    } catch {
      this.restore?.();
      this.say(this.dataset.failed);
      this.complain(this.dataset.failed);
    } finally {
      this.restore = null;
      this.isBusy = false;
      this.classList.remove("is-busy");
    }
  }

  // The same control again, or the one beside it if that leads nowhere now.
  focusOn(control) {
    const found = control?.disabled ? control.parentNode.querySelector("button:enabled") : control;
    (found ?? this.tree.querySelector("a, button:enabled"))?.focus();
  }

  complain(text) {
    const note = document.createElement("p");
    note.className = "help-block help-critical cw-cur__note";
    note.textContent = text;
    this.tree.prepend(note);
    note.scrollIntoView({ block: "nearest" });
  }

  // --- Ticks ---------------------------------------------------------------------------------------------------------

  ticked() {
    return [...this.tree.querySelectorAll("input[name=lesson]:checked")];
  }

  tick(event) {
    if (event.target.matches("[data-all]")) {
      const boxes = event.target.closest(ROW).querySelectorAll("input[name=lesson]");
      for (const box of boxes) box.checked = event.target.checked;
    }
    this.count();
  }

  count() {
    const place = this.tree.querySelector("[data-ticked]");
    if (!place) return;
    const count = this.ticked().length;
    place.textContent = count ? place.dataset.text.replace("%n", count) : "";
    if (count) this.tree.querySelector("[data-bar]").open = true;
  }

  // --- Renaming ------------------------------------------------------------------------------------------------------

  click(event) {
    const rename = event.target.closest("[data-rename]");
    if (rename) {
      event.preventDefault();
      this.rename(rename);
    }
    const handle = event.target.closest("[data-grab]");
    if (handle) handle.closest(ROW).draggable = false;
    if (handle) this.grabbed ? this.putDown() : this.grab(handle);
  }

  rename(link) {
    const row = link.closest(ROW);
    const title = link.closest(".cw-cur__title");
    const before = [...title.childNodes];
    const input = document.createElement("input");
    Object.assign(input, { type: "text", value: row.dataset.title, maxLength: 255, name: "title" });
    input.setAttribute("aria-label", link.getAttribute("aria-label"));
    title.replaceChildren(input);
    input.focus();
    input.select();
    const end = () => { title.replaceChildren(...before); link.focus(); };
    input.addEventListener("blur", () => {
      if (input.isConnected && input.value === row.dataset.title) title.replaceChildren(...before);
    });
    input.addEventListener("keydown", (key) => {
      if (key.key === "Escape") end();
      if (key.key !== "Enter") return;
      key.preventDefault();
      if (!input.value.trim() || input.value === row.dataset.title) return end();
      this.post({ do: "rename", page: row.dataset.page, title: input.value }, `[data-rename="${row.dataset.page}"]`);
    });
  }

  post(fields, focus) {
    const form = this.tree.querySelector("#cur");
    const data = new FormData();
    for (const name of ["csrfmiddlewaretoken", "version"]) data.append(name, form.elements[name].value);
    for (const [name, value] of Object.entries(fields)) data.append(name, value);
    return this.send(data, focus);
  }

  // --- Grabbing with the keyboard ------------------------------------------------------------------------------------

  grab(handle) {
    const row = handle.closest(ROW);
    this.grabbed = { row, handle, parent: row.parentNode, next: row.nextElementSibling };
    row.classList.add("is-grabbed");
    handle.setAttribute("aria-pressed", "true");
    handle.focus(); // not every browser focuses a button that is clicked
    this.say(this.text("grabbed", row));
  }

  key(event) {
    if (!this.grabbed) return;
    const moves = { ArrowUp: "up", ArrowDown: "down" };
    if (event.key in moves) {
      event.preventDefault();
      this.shift(moves[event.key]);
    } else if (event.key === "Escape") {
      event.preventDefault();
      this.cancel();
    }
  }

  shift(direction) {
    const { row, handle } = this.grabbed;
    const up = direction === "up";
    const beside = up ? row.previousElementSibling : row.nextElementSibling;
    this.isMoving = true;
    if (beside?.matches(ROW)) {
      up ? beside.before(row) : beside.after(row);
    } else if (row.parentNode.matches("[data-lessons]")) {
      const module = row.parentNode.closest(ROW);
      const other = up ? module.previousElementSibling : module.nextElementSibling;
      const lessons = other?.querySelector("[data-lessons]");
      if (lessons) up ? lessons.append(row) : lessons.prepend(row);
    }
    handle.focus();
    this.isMoving = false;
    row.scrollIntoView({ block: "nearest" });
    const { index, count, name } = placeOf(row);
    this.say(this.text("place", row, { n: index + 1, m: count, p: name }));
  }

  leave() {
    if (this.grabbed && !this.isMoving) this.cancel();
  }

  release() {
    const grabbed = this.grabbed;
    this.grabbed = null;
    grabbed.row.classList.remove("is-grabbed");
    grabbed.handle.setAttribute("aria-pressed", "false");
    return grabbed;
  }

  cancel() {
    this.isMoving = true;
    const { row, handle, parent, next } = this.release();
    parent.insertBefore(row, next);
    this.isMoving = false;
    if (document.hasFocus() && document.activeElement === document.body) handle.focus();
    this.say(this.text("cancelled", row));
  }

  putDown() {
    const { row, parent, next } = this.release();
    this.settle(row, parent, next);
  }

  // Sends where a row is now; puts it back if the server cannot be reached.
  settle(row, parent, next) {
    if (row.parentNode === parent && row.nextElementSibling === next) return this.say(this.text("cancelled", row));
    this.restore = () => parent.insertBefore(row, next);
    const { index, parentPage } = placeOf(row);
    const page = row.dataset.page;
    return this.post({ do: "place", page, parent: parentPage, index }, `[data-page="${page}"] [data-grab]`);
  }

  // --- Dragging ------------------------------------------------------------------------------------------------------

  allowDrag(event) {
    const row = event.target.closest("[data-grab]")?.closest(ROW);
    if (row) row.draggable = true;
  }

  dragstart(event) {
    const row = event.target.closest?.(ROW);
    if (!row?.draggable) return;
    if (this.grabbed) this.cancel();
    this.dragged = row;
    row.classList.add("is-dragged");
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", row.dataset.title);
  }

  dragover(event) {
    if (!this.dragged) return;
    const target = this.findTarget(event);
    this.mark(target);
    if (target) event.preventDefault();
  }

  // Where it would go: {list, before} or nothing.
  findTarget(event) {
    const isModule = this.dragged.parentNode.matches("[data-modules]");
    const module = event.target.closest("[data-modules] > [data-page]");
    if (!module) return null;
    if (isModule) return beside(module, event.clientY);
    const lesson = event.target.closest("[data-lessons] > [data-page]");
    if (lesson) return beside(lesson, event.clientY);
    const list = module.querySelector("[data-lessons]");
    const isAbove = event.target.closest(".cw-cur__row--module");
    return { list, before: isAbove ? list.firstElementChild : null };
  }

  mark(target) {
    for (const row of this.tree.querySelectorAll(".is-target, .is-target-end")) row.classList.remove("is-target", "is-target-end");
    if (target?.before) target.before.classList.add("is-target");
    else (target?.list.lastElementChild ?? target?.list)?.classList.add("is-target-end");
  }

  drop(event) {
    const target = this.dragged && this.findTarget(event);
    if (!target) return;
    event.preventDefault();
    const row = this.dragged;
    const { parentNode, nextElementSibling } = row;
    if (target.before !== row) target.list.insertBefore(row, target.before);
    this.dragend();
    this.settle(row, parentNode, nextElementSibling);
  }

  dragend() {
    this.mark(null);
    if (!this.dragged) return;
    this.dragged.classList.remove("is-dragged");
    this.dragged.draggable = false;
    this.dragged = null;
  }
}

// Finds the same control again in the tree that comes back.
function keyOf(button) {
  return `button[value="${button?.value}"]`;
}

function placeOf(row) {
  const list = row.parentNode;
  const rows = [...list.children].filter((each) => each.matches(ROW));
  const module = list.closest(ROW);
  return {
    index: rows.indexOf(row),
    count: rows.length,
    parentPage: list.dataset.lessons ?? list.dataset.modules,
    name: module ? module.dataset.title : document.querySelector("h1")?.textContent.trim() ?? "",
  };
}

function beside(row, y) {
  const box = row.getBoundingClientRect();
  const isUpper = y < box.top + box.height / 2;
  return { list: row.parentNode, before: isUpper ? row : row.nextElementSibling };
}

customElements.define("cw-curriculum", Curriculum);
