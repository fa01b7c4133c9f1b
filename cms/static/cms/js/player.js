// <course-player>: native media plus skip, speed and resume; reports what was really played to the server.
const SEND_EVERY = 10_000;
const SPEED_KEY = "player-speed";
const CAPTIONS_KEY = "player-captions";

const csrfToken = () =>
  document.querySelector('meta[name="csrf-token"]')?.content ||
  document.querySelector('input[name="csrfmiddlewaretoken"]')?.value ||
  "";

const store = {
  get: (key) => {
    try {
      return localStorage.getItem(key);
    } catch {
      return null;
    }
  },
  set: (key, value) => {
    try {
      localStorage.setItem(key, value);
    } catch {
      // Storage is switched off: the choice lasts for this page.
    }
  },
};

const newId = () =>
  crypto.randomUUID?.() ??
  // Pages served without TLS have no randomUUID.
  "10000000-1000-4000-8000-100000000000".replace(/[018]/g, (c) =>
    (c ^ (crypto.getRandomValues(new Uint8Array(1))[0] & (15 >> (c / 4)))).toString(16),
  );

const round = (seconds) => Math.round(seconds * 100) / 100;

/** The blocks the server's answer speaks of: [{block, state}]. */
const answeredBlocks = (answer) => answer.results ?? answer.blocks ?? [];

/** Shows what the server answered: states of blocks and, where given, percent and lesson_state. */
export function showProgress(answer) {
  const setState = (name, state) => {
    for (const node of document.querySelectorAll(`[data-state-of="${CSS.escape(name)}"]`)) node.dataset.state = state;
  };
  for (const { block, state } of answeredBlocks(answer)) if (state) setState(block, state);
  if (answer.lesson_state) setState("lesson", answer.lesson_state);
  if (answer.lesson_state === "completed") {
    document.querySelector("[data-finish]")?.setAttribute("hidden", "");
    document.querySelector("[data-finished]")?.removeAttribute("hidden");
  }
  if (typeof answer.percent !== "number") return;
  for (const bar of document.querySelectorAll("progress[data-percent]")) bar.value = answer.percent;
  for (const text of document.querySelectorAll("[data-percent-text]")) text.textContent = `${answer.percent}%`;
}

class CoursePlayer extends HTMLElement {
  #media = null;
  #intervals = [];
  #start = null;
  #last = 0;
  #unsent = [];
  #isSending = false;
  #isDone = false;

  connectedCallback() {
    this.#media = this.querySelector("video, audio");
    if (!this.#media) return;
    this.#setUpTools();
    this.#setUpResume();
    if (this.dataset.progressUrl) this.#setUpReports();
  }

  #setUpTools() {
    const media = this.#media;
    this.querySelector(".player-tools").hidden = false;
    for (const button of this.querySelectorAll("[data-skip]"))
      button.addEventListener("click", () => {
        media.currentTime = Math.max(0, media.currentTime + Number(button.dataset.skip));
      });
    this.querySelector("[data-restart]")?.addEventListener("click", () => {
      media.currentTime = 0;
      media.play();
    });
    const speeds = this.querySelectorAll("[data-speed]");
    const show = () => {
      for (const button of speeds) button.setAttribute("aria-pressed", String(Number(button.dataset.speed) === media.playbackRate));
    };
    for (const button of speeds)
      button.addEventListener("click", () => {
        media.playbackRate = media.defaultPlaybackRate = Number(button.dataset.speed);
        store.set(SPEED_KEY, button.dataset.speed);
      });
    media.addEventListener("ratechange", show);
    media.defaultPlaybackRate = media.playbackRate = Number(store.get(SPEED_KEY)) || 1;
    show();
    const captions = store.get(CAPTIONS_KEY);
    const tracks = [...media.textTracks];
    if (captions !== null && tracks.length)
      for (const track of tracks) track.mode = track.language === captions ? "showing" : "disabled";
    media.textTracks.addEventListener?.("change", () => {
      store.set(CAPTIONS_KEY, [...media.textTracks].find((track) => track.mode === "showing")?.language ?? "");
    });
  }

  #setUpResume() {
    const position = Number(this.dataset.position) || 0;
    const seek = () => {
      const { duration } = this.#media;
      if (position > 1 && !(duration && position > duration - 3)) this.#media.currentTime = position;
    };
    if (this.#media.readyState >= HTMLMediaElement.HAVE_METADATA) seek();
    else this.#media.addEventListener("loadedmetadata", seek, { once: true });
  }

  #setUpReports() {
    const media = this.#media;
    media.addEventListener("playing", () => this.#open());
    media.addEventListener("timeupdate", () => this.#advance());
    // When "seeking" fires, currentTime is already the target: what was played ends at the last update before.
    media.addEventListener("seeking", () => this.#close());
    media.addEventListener("seeked", () => !media.paused && this.#open());
    for (const name of ["pause", "ended"])
      media.addEventListener(name, () => {
        this.#advance();
        this.#close();
        this.#send();
      });
    setInterval(() => this.#hasNews() && this.#send(), SEND_EVERY);
    addEventListener("pagehide", () => this.#send(true));
    document.addEventListener("visibilitychange", () => document.hidden && this.#send(true));
  }

  #hasNews() {
    return this.#start !== null || this.#intervals.length > 0 || this.#unsent.length > 0;
  }

  #open() {
    if (this.#media.seeking || this.#start !== null) return;
    this.#start = this.#last = this.#media.currentTime;
  }

  #advance() {
    const now = this.#media.currentTime;
    // A jump that was not announced as seeking (a loop, a skipped gap) is not watched time.
    if (this.#start !== null && !this.#media.seeking && now >= this.#last && now - this.#last < 4 * this.#media.playbackRate)
      this.#last = now;
  }

  #close() {
    if (this.#start !== null && this.#last > this.#start) this.#intervals.push([round(this.#start), round(this.#last)]);
    this.#start = null;
  }

  #pack() {
    if (this.#start !== null && this.#last > this.#start) {
      this.#intervals.push([round(this.#start), round(this.#last)]);
      this.#start = this.#last;
    }
    if (this.#intervals.length === 0) return;
    const { lesson, block } = this.dataset;
    this.#unsent.push({ id: newId(), lesson, block, position: round(this.#media.currentTime), watched: this.#intervals });
    this.#intervals = [];
  }

  async #send(isLeaving = false) {
    this.#pack();
    if (this.#unsent.length === 0 || (this.#isSending && !isLeaving)) return;
    // Events keep their ids, so sending one twice is harmless and a lost answer costs nothing.
    const batch = this.#unsent.slice(0, 50);
    this.#isSending = true;
    try {
      const response = await fetch(this.dataset.progressUrl, {
        method: "POST",
        keepalive: true,
        headers: { "Content-Type": "application/json", "X-CSRFToken": csrfToken(), Accept: "application/json" },
        body: JSON.stringify({ events: batch }),
      });
      if (response.ok) this.#accept(batch, await response.json());
      else if (response.status < 500 && response.status !== 429) this.#drop(batch);
    } catch {
      // Offline: the events stay queued for the next round.
    } finally {
      this.#isSending = false;
    }
  }

  #drop(batch) {
    const ids = new Set(batch.map((event) => event.id));
    this.#unsent = this.#unsent.filter((event) => !ids.has(event.id));
  }

  #accept(batch, answer) {
    this.#drop(batch);
    showProgress(answer);
    const mine = answeredBlocks(answer).find((result) => result.block === this.dataset.block);
    if (mine?.state !== "completed" || this.#isDone) return;
    this.#isDone = true;
    const status = document.querySelector(`[data-state-of="${CSS.escape(this.dataset.block)}"]`);
    status?.parentElement.querySelector("[data-complete-form]")?.remove();
    const live = document.getElementById("announcements");
    if (live) live.textContent = this.dataset.doneText;
  }
}

customElements.define("course-player", CoursePlayer);
