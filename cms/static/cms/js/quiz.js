// An open attempt: saves answers as they are given, hands them in when the time is up, asks before handing in gaps.
const { ServerClock } = customElements.get("time-left"); // timer.js
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

/** Unsaved answers survive a crash on this device; the server decides by their numbers whether they are still news. */
class Drafts {
  #key = `attempt ${form.dataset.attempt}`;

  keep(answers) {
    try {
      if (answers.length) localStorage.setItem(this.#key, JSON.stringify(answers));
      else localStorage.removeItem(this.#key);
    } catch {
      // No storage, no drafts: answers are still saved on the server one by one.
    }
  }

  read() {
    try {
      return JSON.parse(localStorage.getItem(this.#key)) ?? [];
    } catch {
      return [];
    }
  }
}

class Autosave {
  #status = document.querySelector("[data-save-status]");
  #clock;
  #drafts = new Drafts();
  #dirty = new Map();
  #timer = 0;
  #seq = Math.max(0, ...[...form.querySelectorAll("[data-seq]")].map((question) => Number(question.dataset.seq)));
  #isSending = false;
  #isRestoring = false;
  #wait = 1000;
  /** Told what the server says of the time with every save. */
  onTime = () => {};

  constructor(clock) {
    this.#clock = clock;
  }

  get isClean() {
    return this.#dirty.size === 0;
  }

  /** Answers a crash left unsaved on this device: sent first, then shown. */
  restore() {
    for (const answer of this.#drafts.read()) this.#dirty.set(answer.question, answer);
    if (this.isClean) return;
    this.#isRestoring = true;
    this.send();
  }

  note(question, delay) {
    const answer = readAnswer(question);
    // Later answers carry higher numbers on every tab and device, because all count by the server's time.
    this.#seq = Math.max(this.#seq + 1, Math.floor(this.#clock.now));
    this.#dirty.set(answer.question, { ...answer, seq: this.#seq });
    form.elements[`seq-${answer.question}`].value = this.#seq;
    this.#drafts.keep([...this.#dirty.values()]);
    this.#say("saving");
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.send(), delay);
  }

  /** Also without answers: the server tells its time and the attempt's end, which may have moved. */
  async send({ always = false } = {}) {
    clearTimeout(this.#timer);
    if ((this.isClean && !always) || this.#isSending) return;
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
      if (!response.ok || response.redirected) return this.#refuse(response.status);
      this.#accept(answers, await response.json());
    } catch {
      if (answers.length) this.#say("failed");
      this.#wait = Math.min(this.#wait * 2, 30_000);
      this.#timer = setTimeout(() => this.send({ always }), this.#wait);
    } finally {
      this.#isSending = false;
    }
    // What was changed while the request was under way; after a failure the timer is already set.
    if (!this.isClean && this.#wait === 1000) this.#timer = setTimeout(() => this.send(), 300);
  }

  #accept(answers, told) {
    for (const sent of answers) if (this.#dirty.get(sent.question)?.seq === sent.seq) this.#dirty.delete(sent.question);
    this.#drafts.keep([...this.#dirty.values()]);
    this.#wait = 1000;
    this.onTime(told);
    const isOlder = answers.some((sent) => !told.saved.includes(sent.question));
    if (this.#isRestoring) location.reload();
    else if (isOlder) this.#say("elsewhere");
    else if (answers.length) this.#say("saved", new Date(told.saved_at));
  }

  #refuse(status) {
    // Logged out: the answers stay on this device until somebody is back. Anything else means the attempt has ended.
    this.#say(status === 401 || status === 403 ? "failed" : "refused");
    if (status === 409 || status === 404) {
      this.#dirty.clear();
      this.#drafts.keep([]);
    }
    this.#wait = 30_000;
  }

  #say(key, moment) {
    const options = { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: this.#status.dataset.zone };
    const time = moment?.toLocaleTimeString(document.documentElement.lang, options) ?? "";
    this.#status.dataset.status = key;
    this.#status.textContent = this.#status.dataset[key].replace("%s", time);
  }
}

/** The questions that are still open, as links to them. */
function listOpen(dialog, questions, open) {
  const list = dialog.querySelector("[data-open-list]");
  dialog.querySelector("[data-open-count]").textContent = open.length;
  list.replaceChildren(
    ...open.map((question) => {
      const link = Object.assign(document.createElement("a"), { href: `#${question.id}` });
      link.textContent = list.dataset.label.replace("%s", questions.indexOf(question) + 1);
      link.addEventListener("click", () => dialog.close("link"));
      const item = document.createElement("li");
      item.append(link);
      return item;
    }),
  );
}

if (form) {
  const questions = [...form.querySelectorAll("[data-question]")];
  const timer = document.querySelector("time-left");
  const clock = timer?.clock ?? new ServerClock(form.dataset.now);
  const autosave = new Autosave(clock);
  const dialog = document.querySelector("[data-unanswered-dialog]");
  const counter = document.querySelector("[data-answered]");
  let isLeaving = false;

  const count = () => {
    const answered = questions.filter(isAnswered).length;
    counter.textContent = counter.dataset.answered.replace("%a", answered).replace("%t", questions.length);
  };
  const handIn = () => {
    isLeaving = true;
    form.elements.confirmed.value = "1";
    form.requestSubmit();
  };

  autosave.restore(); // before anything new is noted
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
    if (event.submitter?.matches("[data-save]")) {
      event.preventDefault();
      autosave.send({ always: true });
      return;
    }
    const open = questions.filter((question) => !isAnswered(question));
    if (isLeaving || open.length === 0 || !dialog) {
      isLeaving = true;
      form.elements.confirmed.value = "1";
      return;
    }
    event.preventDefault();
    listOpen(dialog, questions, open);
    dialog.showModal();
    dialog.addEventListener(
      "close",
      () => {
        if (dialog.returnValue === "submit") handIn();
        else if (dialog.returnValue !== "link") {
          open[0].querySelector("input:not([type=hidden]), select, textarea").focus();
          open[0].scrollIntoView({ block: "center" });
        }
      },
      { once: true },
    );
  });
  addEventListener("beforeunload", (event) => {
    if (!isLeaving && !autosave.isClean) event.preventDefault();
  });
  addEventListener("pagehide", () => autosave.send());
  addEventListener("online", () => autosave.send());
  count();

  // The end may have come before this script did.
  if (timer?.isOver) handIn();
  else timer?.addEventListener("time-over", handIn);
  autosave.onTime = (told) => {
    clock.tell(told.server_time);
    timer?.move(told.deadline_at);
  };
  // A computer that slept has lost count; whoever was given more time should see it.
  document.addEventListener("visibilitychange", () => {
    if (timer && document.visibilityState === "visible") autosave.send({ always: true });
  });
}
