// What makes questions easier where scripts run: moving items up and down, and counting the words of an essay.

/** An ordered list whose selects and buttons both move items; the selects stay the truth that is saved. */
class OrderList {
  #list;
  #live;

  constructor(list) {
    this.#list = list;
    this.#live = list.parentElement.querySelector("[data-order-live]");
    for (const moves of list.querySelectorAll("[data-order-moves]")) moves.hidden = false;
    list.addEventListener("click", (event) => {
      const button = event.target.closest("[data-move]");
      if (button) this.#step(button);
    });
    // Runs before the change is saved, which listens further out.
    list.addEventListener("change", (event) => this.#place(event.target));
    this.#mark();
  }

  get #items() {
    return [...this.#list.querySelectorAll("[data-order-item]")];
  }

  #step(button) {
    const item = button.closest("[data-order-item]");
    const place = this.#items.indexOf(item) + Number(button.dataset.move);
    if (place < 0 || place >= this.#items.length) return;
    this.#move(item, place);
    button.focus();
    item.querySelector("select").dispatchEvent(new Event("change", { bubbles: true }));
  }

  #place(select) {
    const item = select.closest("[data-order-item]");
    if (select.value) this.#move(item, Number(select.value) - 1);
    if (document.activeElement === document.body) select.focus();
  }

  #move(item, place) {
    const others = this.#items.filter((other) => other !== item);
    if (this.#items[place] !== item) this.#list.insertBefore(item, others[place] ?? null);
    this.#items.forEach((each, at) => {
      each.querySelector("select").value = String(at + 1);
    });
    this.#mark();
    const text = item.querySelector(".order-text").textContent;
    this.#live.textContent = this.#list.dataset.moved
      .replace("%p", place + 1)
      .replace("%t", this.#items.length)
      .replace("%s", () => text);
  }

  /** The ends say that there is nowhere to go, and stay reachable by keyboard. */
  #mark() {
    const items = this.#items;
    items.forEach((item, at) => {
      const [up, down] = item.querySelectorAll("[data-move]");
      up.setAttribute("aria-disabled", String(at === 0));
      down.setAttribute("aria-disabled", String(at === items.length - 1));
    });
  }
}

function countWords(essay) {
  const counter = essay.parentElement.querySelector("[data-word-count]");
  const show = () => {
    const words = essay.value.trim() ? essay.value.trim().split(/\s+/).length : 0;
    counter.textContent = words === 1 ? counter.dataset.one : counter.dataset.many.replace("%s", words);
  };
  counter.hidden = false;
  essay.addEventListener("input", show);
  show();
}

for (const list of document.querySelectorAll("[data-order]")) new OrderList(list);
for (const essay of document.querySelectorAll("[data-essay]")) countWords(essay);
