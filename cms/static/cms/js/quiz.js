// An open attempt: saves answers as they are given, counts down by the server's clock, asks before handing in gaps.
const form = document.querySelector("[data-attempt]");

const csrfToken = () =>
  document.querySelector('meta[name="csrf-token"]')?.content || form.elements.csrfmiddlewaretoken?.value || "";

/** The items of an ordering question by the places chosen for them, as the server reads the form. */
function readOrder(parts) {
  if (parts.every((part) => !part.value)) return [];
  const place = (part) => Number(part.value) || parts.length + 1;
  return [...parts].sort((a, b) => place(a) - place(b)).map((part) => part.dataset.part);
}

/** What one question's fields say now: {question, choices | text | number | pairs | order | blanks}. */
function readAnswer(question) {
  const { id, type } = question.dataset;
  const fields = [...question.querySelectorAll(`[name="q-${CSS.escape(id)}"]`)];
  const parts = [...question.querySelectorAll("[data-part]")];
  const values = (chosen) => Object.fromEntries(chosen.map((part) => [part.dataset.part, part.value]));
  if (type === "short_text" || type === "essay") return { question: id, text: fields[0].value };
  if (type === "numeric") return { question: id, number: fields[0].value };
  if (type === "matching") return { question: id, pairs: values(parts.filter((part) => part.value)) };
  if (type === "ordering") return { question: id, order: readOrder(parts) };
  if (type === "blanks") return { question: id, blanks: values(parts) };
  return { question: id, choices: fields.filter((field) => field.checked).map((field) => field.value) };
}

/** A question in parts is answered when every part is. */
const isAnswered = (question) => {
  const parts = [...question.querySelectorAll("[data-part]")];
  if (parts.length) return parts.every((part) => part.value.trim());
  const answer = readAnswer(question);
  return (answer.choices ?? answer.text?.trim() ?? answer.number?.trim() ?? "").length > 0;
};

/** Whether it says something else than the server sent: answered before this script ran, or restored by the browser. */
const isChanged = (question) =>
  [...question.querySelectorAll("input, textarea")].some(
    (field) => field.checked !== field.defaultChecked || field.value !== field.defaultValue,
  ) || [...question.querySelectorAll("option")].some((option) => option.selected && !option.defaultSelected && option.value);

class Autosave {
  #status = document.querySelector("[data-save-status]");
  #dirty = new Map();
  #timer = 0;
  // Later saves must carry higher numbers, also after a reload and on a second device.
  #seq = Math.max(Date.now(), ...[...form.querySelectorAll("[data-seq]")].map((question) => Number(question.dataset.seq) + 1));
  #isSending = false;
  #wait = 1000;

  note(question, delay) {
    const answer = readAnswer(question);
    this.#seq += 1;
    this.#dirty.set(answer.question, { ...answer, seq: this.#seq });
    this.#say("saving");
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.send(), delay);
  }

  async send() {
    clearTimeout(this.#timer);
    if (this.#dirty.size === 0 || this.#isSending) return;
    const answers = [...this.#dirty.values()];
    this.#isSending = true;
    try {
      const response = await fetch(form.dataset.saveUrl, {
        method: "POST",
        keepalive: true,
        headers: { "Content-Type": "application/json", "X-CSRFToken": csrfToken(), Accept: "application/json" },
        body: JSON.stringify({ answers }),
      });
      if (response.status >= 500 || response.status === 429) throw new Error(String(response.status));
      if (!response.ok || response.redirected) return this.#say("refused");
      for (const sent of answers) if (this.#dirty.get(sent.question)?.seq === sent.seq) this.#dirty.delete(sent.question);
      this.#wait = 1000;
      this.#say("saved", new Date((await response.json()).saved_at ?? Date.now()));
    } catch {
      this.#say("failed");
      this.#wait = Math.min(this.#wait * 2, 30_000);
      this.#timer = setTimeout(() => this.send(), this.#wait);
    } finally {
      this.#isSending = false;
    }
    // What was changed while the request was under way; after a failure the timer is already set.
    if (this.#dirty.size && this.#wait === 1000) this.#timer = setTimeout(() => this.send(), 300);
  }

  #say(key, moment) {
    const time = moment?.toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }) ?? "";
    this.#status.dataset.status = key;
    this.#status.textContent = this.#status.dataset[key].replace("%s", time);
  }
}

function startCountdown(timer, onEnd) {
  const total = Number(timer.dataset.seconds) * 1000;
  const serverNow = Date.parse(timer.dataset.now);
  const deadline = Date.parse(timer.dataset.deadline);
  // performance.now() does not jump when the computer's clock is changed; Date.now() survives sleep. The later one wins.
  const startedAt = { steady: performance.now(), wall: Date.now() };
  const left = () => deadline - serverNow - Math.max(performance.now() - startedAt.steady, Date.now() - startedAt.wall);
  const display = timer.querySelector("[data-timer-text]");
  const live = timer.querySelector("[data-timer-live]");
  const warnings = [...new Set([Math.round(total / 4), 300_000, 60_000])].filter((ms) => ms < left()).sort((a, b) => b - a);

  const format = (ms) => {
    const seconds = Math.max(0, Math.ceil(ms / 1000));
    const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
    return (parts[0] ? parts : parts.slice(1)).map((part, at) => (at ? String(part).padStart(2, "0") : part)).join(":");
  };
  const tick = () => {
    const now = left();
    display.textContent = format(now);
    timer.classList.toggle("is-short", now < 300_000);
    if (warnings.length && now <= warnings[0]) {
      while (warnings.length && now <= warnings[0]) warnings.shift();
      live.textContent = timer.dataset.warning.replace("%s", format(now));
    }
    if (now <= 0) {
      clearInterval(interval);
      live.textContent = timer.dataset.over;
      onEnd();
    }
  };
  const interval = setInterval(tick, 500);
  tick();

  const toggle = timer.querySelector("[data-timer-toggle]");
  toggle.hidden = false;
  toggle.addEventListener("click", () => {
    const isHidden = display.toggleAttribute("hidden");
    toggle.textContent = isHidden ? toggle.dataset.show : toggle.dataset.hide;
  });
}

if (form) {
  const questions = [...form.querySelectorAll("[data-question]")];
  const autosave = new Autosave();
  const dialog = document.querySelector("[data-unanswered-dialog]");
  const counter = document.querySelector("[data-answered]");
  let isConfirmed = false;

  const count = () => {
    const answered = questions.filter(isAnswered).length;
    counter.textContent = counter.dataset.answered.replace("%a", answered).replace("%t", questions.length);
  };
  const handIn = () => {
    isConfirmed = true;
    form.requestSubmit();
  };

  for (const question of questions) {
    question.addEventListener("change", () => {
      autosave.note(question, 200);
      count();
    });
    question.addEventListener("input", (event) => {
      if (!event.target.matches("input[type=text], textarea")) return;
      autosave.note(question, 1200);
      count();
    });
    if (isChanged(question)) autosave.note(question, 200);
  }
  form.addEventListener("submit", (event) => {
    const open = questions.filter((question) => !isAnswered(question));
    if (isConfirmed || open.length === 0 || !dialog) return;
    event.preventDefault();
    dialog.querySelector("[data-open-count]").textContent = open.length;
    dialog.showModal();
    dialog.addEventListener(
      "close",
      () => {
        if (dialog.returnValue === "submit") handIn();
        else {
          open[0].querySelector("input, select, textarea").focus();
          open[0].scrollIntoView({ block: "center" });
        }
      },
      { once: true },
    );
  });
  addEventListener("pagehide", () => autosave.send());
  count();

  const timer = document.querySelector("[data-timer]");
  if (timer) startCountdown(timer, handIn);
}
