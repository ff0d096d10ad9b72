/** The engine's API, a function a request. Each throws `Failure` and nothing else. */

import { eventsOf } from "./sse";
import type {
  ComparisonEvent,
  CostReport,
  Distributed,
  FunctionResource,
  Generated,
  Now,
  Problem,
  QuoteAnswer,
  Task,
  TaskInput,
  TaskList,
  TaskResults,
} from "./types";

/** What went wrong and what to do, in words. */
export class Failure extends Error {
  constructor(
    readonly detail: string,
    readonly hint?: string,
    /** Nobody answered: it may work a little later, without any change. */
    readonly unreachable = false,
  ) {
    super(detail);
  }

  static of(problem: Problem): Failure {
    return new Failure(problem.detail, problem.hint);
  }

  static from(error: unknown): Failure {
    if (error instanceof Failure) return error;
    return new Failure(error instanceof Error ? error.message : String(error));
  }
}

const API = "/api/v1";

async function request(path: string, options: RequestInit = {}): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(API + path, options);
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new Failure("the engine does not answer", "see whether `dice up` still runs", true);
  }
  if (response.ok) return response;
  const problem = (await response.json().catch(() => undefined)) as Problem | undefined;
  if (problem?.detail) throw Failure.of(problem);
  throw new Failure(`the engine answered ${response.status} ${response.statusText}`, undefined, response.status >= 502);
}

async function get<T>(path: string, signal?: AbortSignal): Promise<T> {
  return (await (await request(path, signal ? { signal } : {})).json()) as T;
}

function posted(body: unknown, signal?: AbortSignal): RequestInit {
  const options: RequestInit = {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  };
  return signal ? { ...options, signal } : options;
}

async function post<T>(path: string, body: unknown, signal?: AbortSignal): Promise<T> {
  return (await (await request(path, posted(body, signal))).json()) as T;
}

export const now = () => get<Now>("/now");
export const functions = async () => (await get<{ items: FunctionResource[] }>("/functions")).items;
export const task = (id: number, signal?: AbortSignal) => get<Task>(`/tasks/${id}`, signal);
export const cost = (id: number) => get<CostReport>(`/tasks/${id}/cost`);
export const cancel = (id: number) => post<Task>(`/tasks/${id}/cancel`, {});

export function tasks(before?: number): Promise<TaskList> {
  return get<TaskList>(`/tasks?limit=100${before === undefined ? "" : `&before=${before}`}`);
}

export function results(id: number, which: { function?: string; call?: number }): Promise<TaskResults> {
  const query = new URLSearchParams();
  if (which.function !== undefined) query.set("function", which.function);
  if (which.call !== undefined) query.set("call", String(which.call));
  return get<TaskResults>(`/tasks/${id}/results?${query.toString()}`);
}

export function generate(query: string, inputs: TaskInput[], signal: AbortSignal): Promise<Generated> {
  return post<Generated>("/generate", { query, inputs }, signal);
}

export function parallelize(program: string): Promise<Distributed> {
  return post<Distributed>("/parallelize", { program });
}

export function quote(program: string, inputs: TaskInput[]): Promise<QuoteAnswer> {
  return post<QuoteAnswer>("/quotes", { program, filename: FILENAME, inputs: [inputs], tasks: 1 });
}

/** For tracebacks: programs from sentences have no file. */
const FILENAME = "program.py";

export function run(program: string, inputs: TaskInput[], filename = FILENAME): Promise<Task> {
  return post<Task>("/tasks", { program, filename, inputs });
}

export async function* compare(
  serial: string,
  distributed: string,
  inputs: TaskInput[],
  signal: AbortSignal,
): AsyncGenerator<ComparisonEvent> {
  const body = { serial, distributed, filename: FILENAME, inputs };
  yield* eventsOf<ComparisonEvent>(await request("/comparisons", posted(body, signal)));
}

export const blobAddress = (digest: string) => `${API}/blobs/${digest}`;

export async function text(digest: string): Promise<string> {
  return (await request(`/blobs/${digest}`)).text();
}

/** Stores bytes under their digest, which the engine checks. */
export async function store(file: Blob): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", await file.arrayBuffer()));
  const hex = Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("");
  const digest = `sha256:${hex}`;
  await request(`/blobs/${digest}`, { method: "PUT", body: file });
  return digest;
}
