// Tells the server how long each part of a lesson was studied, which bounds it by its own clock; closes what is over.
const TICK = 1_000;
const SEND_EVERY = 15_000;
const IDLE_AFTER = 60_000;
const MOST_KEPT = 150;
const MOST_SENT = 50;

const main = document.querySelector("main[data-heartbeat-url]");

const newId = () =>
  crypto.randomUUID?.() ??
  // Pages served without TLS have no randomUUID.
  "10000000-1000-4000-8000-100000000000".replace(/[018]/g, (c) =>
    (c ^ (crypto.getRandomValues(new Uint8Array(1))[0] & (15 >> (c / 4)))).toString(16),
  );

/** Events that were not confirmed yet. They outlive a reload of this tab; sent twice, they count once. */
class Queue {
  #key;
  #events;

  constructor(key) {
    this.#key = key;
    try {
      const kept = JSON.parse(sessionStorage.getItem(key) ?? "[]");
      this.#events = Array.isArray(kept) ? kept : [];
    } catch {
      this.#events = [];
    }
  }

  get first() {
    return this.#events.slice(0, MOST_SENT);
  }

  add(events) {
    this.#keep([...this.#events, ...events].slice(-MOST_KEPT));
  }

  drop(sent) {
    const ids = new Set(sent.map((event) => event.id));
    this.#keep(this.#events.filter((event) => !ids.has(event.id)));
  }

  #keep(events) {
    this.#events = events;
    try {
      sessionStorage.setItem(this.#key, JSON.stringify(events));
    } catch {
      // Storage is switched off or full: the queue lasts for this page.
    }
  }
}

class Heartbeat {
  #url = main.dataset.heartbeatUrl;
  #lesson = main.dataset.lesson;
  #token = document.querySelector('meta[name="csrf-token"]')?.content ?? "";
  #queue = new Queue(`heartbeats ${main.dataset.heartbeatUrl}`);
  #spent = new Map();
  #tickedAt = performance.now();
  #movedAt = performance.now();
  #isSending = false;

  start() {
    const note = () => {
      this.#movedAt = performance.now();
    };
    for (const name of ["pointermove", "pointerdown", "keydown", "scroll", "touchstart"])
      addEventListener(name, note, { passive: true });
    setInterval(() => this.#tick(), TICK);
    setInterval(() => this.#send(), SEND_EVERY);
    document.addEventListener("visibilitychange", () => document.hidden && this.#leave());
    addEventListener("pagehide", () => this.#leave());
    addEventListener("online", () => this.#send());
  }

  #tick() {
    const now = performance.now();
    // A computer that slept wakes up to one long tick, which nobody studied.
    const seconds = Math.min(now - this.#tickedAt, 2 * TICK) / 1000;
    this.#tickedAt = now;
    if (!this.#isStudying(now)) return;
    const block = this.#current();
    this.#spent.set(block, (this.#spent.get(block) ?? 0) + seconds);
  }

  #isStudying(now) {
    if (document.hidden) return false;
    // What is played reports for itself.
    for (const media of document.querySelectorAll("video, audio")) if (!media.paused && !media.ended) return false;
    return now - this.#movedAt < IDLE_AFTER || document.activeElement?.tagName === "IFRAME";
  }

  /** The block at a third of the window's height, or the lesson as a whole. */
  #current() {
    const line = innerHeight / 3;
    for (const block of main.querySelectorAll("[data-block]")) {
      const { top, bottom } = block.getBoundingClientRect();
      if (top <= line && bottom > line) return block.dataset.block;
    }
    return this.#lesson;
  }

  #pack() {
    const events = [];
    for (const [block, seconds] of this.#spent) {
      const active = Math.floor(seconds);
      if (active < 1) continue;
      this.#spent.set(block, seconds - active);
      events.push({ id: newId(), lesson: this.#lesson, block, active, at: new Date().toISOString() });
    }
    if (events.length > 0) this.#queue.add(events);
  }

  async #send() {
    this.#pack();
    const batch = this.#queue.first;
    if (batch.length === 0 || this.#isSending) return;
    this.#isSending = true;
    try {
      const response = await fetch(this.#url, {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-CSRFToken": this.#token, Accept: "application/json" },
        body: JSON.stringify({ events: batch }),
      });
      if (response.ok || (response.status < 500 && response.status !== 429)) this.#queue.drop(batch);
      if (response.ok) tellTimers(await response.json());
    } catch {
      // Offline: the events wait for the next round.
    } finally {
      this.#isSending = false;
    }
  }

  /** Nobody hears what becomes of a beacon, so what it carried stays queued: sent again, it is a duplicate. */
  #leave() {
    this.#pack();
    const batch = this.#queue.first;
    if (batch.length === 0) return;
    const form = new FormData();
    form.set("csrfmiddlewaretoken", this.#token);
    form.set("events", JSON.stringify(batch));
    navigator.sendBeacon?.(this.#url, form);
  }
}

/** More time may be granted while a part with limited time is open: every report hears of its end. */
function tellTimers(told) {
  for (const { block, state, deadline_at: deadline } of told.results) {
    const timer = document.getElementById(`block-${block}`)?.querySelector("time-left");
    timer?.clock.tell(told.server_time);
    if (state === "completed") timer?.parentElement.remove();
    else timer?.move(deadline);
  }
}

/** The server takes nothing more of a part whose time is over. */
function closePart(timer) {
  const part = timer.closest("[data-block]");
  part.querySelector("[data-complete-form]")?.remove();
  part.querySelector("[data-time-over]").hidden = false;
}

if (main) {
  new Heartbeat().start();
  for (const timer of main.querySelectorAll("time-left"))
    if (timer.isOver) closePart(timer);
    else timer.addEventListener("time-over", () => closePart(timer));
}
