/** A small typed client for the Coursewright API: copy it, keep what you need. No dependencies. */

interface BlockBase {
  id: string;
  is_required: boolean;
  time_limit: number | null;
}

interface Image {
  id: number;
  width: number;
  height: number;
  alt: string;
  src?: string;
  srcset?: string;
}

interface FileRef {
  name: string;
  content_type: string;
  size: number;
  url?: string;
}

/** The types this example draws; the server may send others, which are skipped. */
type KnownBlock =
  | (BlockBase & { type: "text" | "markdown"; html: string })
  | (BlockBase & { type: "image"; image: Image | null; caption: string })
  | (BlockBase & { type: "video"; title: string; file: FileRef | null; url: string; poster: Image | null })
  | (BlockBase & { type: "quiz"; title: string; question_count: number; pass_percent: number });

interface Lesson {
  id: string;
  title: string;
  blocks: (KnownBlock | (BlockBase & { type: string }))[];
}

/** One language a course is offered in; `code` is what `?locale=` takes. */
export interface Version {
  code: string;
  language: string;
  direction: "ltr" | "rtl";
  title: string;
  path: string;
}

interface Part {
  id: string;
  text: string;
}

interface QuestionBase {
  id: string;
  prompt: string;
  points: number;
  unit: string;
  choices: Part[];
}

export type Question =
  | (QuestionBase & { type: "single" | "multiple" | "true_false" })
  | (QuestionBase & { type: "short_text" | "numeric" })
  | (QuestionBase & { type: "matching"; lefts: Part[]; rights: Part[] })
  | (QuestionBase & { type: "ordering"; items: Part[] })
  | (QuestionBase & { type: "blanks"; parts: ({ text: string } | { blank: string })[] })
  | (QuestionBase & { type: "essay"; min_words: number | null; max_words: number | null });

/** One of the keys after `question`, as the type of the question asks for. */
export interface Answer {
  question: string;
  choices?: string[];
  text?: string;
  number?: string | number;
  pairs?: Record<string, string>;
  order?: string[];
  blanks?: Record<string, string>;
  seq?: number;
}

interface Attempt {
  id: string;
  state: "open" | "submitted" | "expired";
  deadline_at: string | null;
  server_time: string;
  time_limit: number | null;
  base_time_limit: number | null;
  questions: Question[];
  late: string[];
  is_graded: boolean;
  score: number | null;
  passed: boolean | null;
}

interface Page<T> {
  count: number;
  next: string | null;
  previous: string | null;
  results: T[];
}

interface CourseSummary {
  id: string;
  slug: string;
  title: string;
  summary: string;
  path: string;
  cover: Image | null;
  minutes: number;
}

interface Problem {
  status: number;
  code: string;
  detail: string;
  errors: { pointer: string; code: string; message: string }[];
  request_id: string;
}

export class ApiError extends Error {
  constructor(readonly problem: Problem) {
    super(problem.detail);
  }
}

export class Coursewright {
  private token = "";

  constructor(private readonly origin: string) {}

  async signIn(email: string, password: string): Promise<void> {
    const answer = await fetch(`${this.origin}/_allauth/app/v1/auth/login`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ email, password }),
    });
    const body = (await answer.json()) as { meta?: { session_token?: string } };
    if (!body.meta?.session_token) throw new Error("The address or password is wrong, or a second step is needed.");
    this.token = body.meta.session_token;
  }

  courses(query: Record<string, string> = {}): Promise<Page<CourseSummary>> {
    return this.call("GET", `courses/?${new URLSearchParams(query)}`);
  }

  lesson(id: string, course: string): Promise<Lesson> {
    return this.call("GET", `lessons/${id}/?course=${encodeURIComponent(course)}`);
  }

  enrol(course: string): Promise<{ id: number; percent: number }> {
    return this.call("POST", "enrolments/", { course });
  }

  /** Safe to repeat: the id of the event makes sure that it counts once. */
  complete(enrolment: number, lesson: string, block: string, id: string = crypto.randomUUID()): Promise<unknown> {
    const events = [{ id, lesson, block, state: "completed" }];
    return this.call("POST", `enrolments/${enrolment}/progress/`, { events });
  }

  openAttempt(enrolment: number, block: string): Promise<Attempt> {
    return this.call("POST", "attempts/", { enrolment, block });
  }

  saveAnswers(attempt: string, answers: Answer[]): Promise<{ saved: string[] }> {
    return this.call("PATCH", `attempts/${attempt}/answers/`, { answers });
  }

  submitAttempt(attempt: string, answers: Answer[] = []): Promise<Attempt> {
    return this.call("POST", `attempts/${attempt}/submit/`, { answers });
  }

  private async call<T>(method: string, path: string, body?: unknown): Promise<T> {
    const headers: Record<string, string> = {};
    if (this.token) headers["X-Session-Token"] = this.token;
    if (body !== undefined) headers["Content-Type"] = "application/json";
    const answer = await fetch(`${this.origin}/api/v1/${path}`, {
      method,
      headers,
      body: body === undefined ? null : JSON.stringify(body),
    });
    if (!answer.ok) throw new ApiError((await answer.json()) as Problem);
    return (await answer.json()) as T;
  }
}

function isKnown(block: Lesson["blocks"][number]): block is KnownBlock {
  return ["text", "markdown", "image", "video", "quiz"].includes(block.type);
}

/** One branch a type; the compiler sees to it that none of the known ones is forgotten. */
export function describe(block: Lesson["blocks"][number]): string {
  if (!isKnown(block)) return "";
  switch (block.type) {
    case "text":
    case "markdown":
      return block.html;
    case "image":
      return block.image?.alt ?? "";
    case "video":
      return block.title;
    case "quiz":
      return `${block.title}: ${block.question_count} questions, ${block.pass_percent} % to pass`;
    default:
      return block satisfies never;
  }
}

/** How many fields a question has to fill in: one branch a type here, too. */
export function countFields(question: Question): number {
  switch (question.type) {
    case "single":
    case "multiple":
    case "true_false":
    case "short_text":
    case "numeric":
    case "essay":
      return 1;
    case "matching":
      return question.lefts.length;
    case "ordering":
      return question.items.length;
    case "blanks":
      return question.parts.filter((part) => "blank" in part).length;
    default:
      return question satisfies never;
  }
}
