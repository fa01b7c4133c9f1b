// <time-left>: counts down by the server's clock, warns politely at a quarter, five minutes and one minute.

/** The server's time as it was told last, carried on by a clock that nobody can set. */
class ServerClock {
  #told = { server: 0, steady: 0 };

  constructor(text) {
    this.tell(text);
  }

  get now() {
    return this.#told.server + performance.now() - this.#told.steady;
  }

  tell(text) {
    const server = Date.parse(text);
    if (Number.isFinite(server)) this.#told = { server, steady: performance.now() };
  }
}

/** Sends "time-over" once, when nothing is left. Attributes and children: components/timer.html. */
class TimeLeft extends HTMLElement {
  // Files of hashed names cannot import one another: other scripts take the clock from here.
  static ServerClock = ServerClock;

  clock = new ServerClock(this.dataset.now);
  #deadline = Date.parse(this.dataset.deadline);
  #display = this.querySelector("[data-timer-text]");
  #live = this.querySelector("[data-timer-live]");
  #warnings = [];
  #interval = 0;

  connectedCallback() {
    const moments = [Math.round((Number(this.dataset.seconds) * 1000) / 4), 300_000, 60_000];
    this.#warnings = [...new Set(moments)].filter((ms) => ms < this.#left).sort((a, b) => b - a);
    this.#addToggle(this.querySelector("[data-timer-toggle]"));
    this.#interval = setInterval(() => this.#tick(), 500);
    this.#tick();
  }

  disconnectedCallback() {
    clearInterval(this.#interval);
  }

  /** The end may have moved: somebody was given more time meanwhile; null is no end at all. */
  move(deadline) {
    if (deadline === null) {
      clearInterval(this.#interval);
      this.hidden = true;
      return;
    }
    const isMoved = Math.abs(Date.parse(deadline) - this.#deadline) > 1000;
    this.#deadline = Date.parse(deadline);
    if (isMoved) this.#live.textContent = this.dataset.moved.replace("%s", this.#format(this.#left));
  }

  get isOver() {
    return this.#left <= 0;
  }

  get #left() {
    return this.#deadline - this.clock.now;
  }

  #tick() {
    const left = this.#left;
    this.#display.textContent = this.#format(left);
    this.classList.toggle("is-short", left < 300_000);
    if (this.#warnings.length && left <= this.#warnings[0]) {
      while (this.#warnings.length && left <= this.#warnings[0]) this.#warnings.shift();
      this.#live.textContent = this.dataset.warning.replace("%s", this.#format(left));
    }
    if (this.isOver) {
      clearInterval(this.#interval);
      this.#live.textContent = this.dataset.over;
      this.dispatchEvent(new Event("time-over", { bubbles: true }));
    }
  }

  #format(ms) {
    const seconds = Math.max(0, Math.ceil(ms / 1000));
    const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
    return (parts[0] ? parts : parts.slice(1)).map((part, at) => (at ? String(part).padStart(2, "0") : part)).join(":");
  }

  #addToggle(toggle) {
    toggle.hidden = false;
    toggle.addEventListener("click", () => {
      const isHidden = this.#display.toggleAttribute("hidden");
      toggle.textContent = isHidden ? toggle.dataset.show : toggle.dataset.hide;
    });
  }
}

customElements.define("time-left", TimeLeft);
