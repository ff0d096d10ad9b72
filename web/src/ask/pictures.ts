/** Files that a question is about: stored with the engine as soon as they are dropped. */

import { createSignal } from "solid-js";
import { blobAddress, Failure, store } from "../api/client";
import type { InputKind, TaskInput } from "../api/types";

export interface Input {
  /** Of this page, for as long as it is open. */
  id: number;
  name: string;
  kind: InputKind;
  bytes: number;
  /** Absent while it is being stored. */
  blob?: string;
  failure?: Failure;
}

const KINDS: Record<string, InputKind> = { csv: "csv", json: "json", txt: "text", md: "text" };

export function kindOf(file: { name: string; type: string }): InputKind {
  if (file.type.startsWith("image/")) return "image";
  return KINDS[file.name.split(".").at(-1)?.toLowerCase() ?? ""] ?? "bytes";
}

/** Programs open inputs by name: each has its own. */
export function unlike(name: string, taken: string[]): string {
  if (!taken.includes(name)) return name;
  const dot = name.lastIndexOf(".");
  const [stem, ending] = dot > 0 ? [name.slice(0, dot), name.slice(dot)] : [name, ""];
  let number = 2;
  while (taken.includes(`${stem}-${number}${ending}`)) number += 1;
  return `${stem}-${number}${ending}`;
}

const [inputs, setInputs] = createSignal<Input[]>([]);
const [query, setQuery] = createSignal("");
export { inputs, query, setQuery };

let last = 0;

function change(id: number, what: Partial<Input>): void {
  setInputs((all) => all.map((input) => (input.id === id ? { ...input, ...what } : input)));
}

export function add(files: Iterable<File>): void {
  for (const file of files) {
    last += 1;
    const id = last;
    const name = unlike(file.name, inputs().map((input) => input.name));
    setInputs((all) => [...all, { id, name, kind: kindOf(file), bytes: file.size }]);
    store(file).then(
      (blob) => change(id, { blob }),
      (error: unknown) => change(id, { failure: Failure.from(error) }),
    );
  }
}

/** One that is stored already, as an earlier run had it. */
export function addStored(input: TaskInput): void {
  last += 1;
  const { name, kind, blob } = input;
  setInputs((all) => [...all, { id: last, name, kind, blob, bytes: 0 }]);
}

export function rename(id: number, name: string): void {
  const others = inputs().filter((input) => input.id !== id);
  change(id, { name: unlike(name.trim() || "input", others.map((input) => input.name)) });
}

export function remove(id: number): void {
  setInputs((all) => all.filter((input) => input.id !== id));
}

export function clear(): void {
  setInputs([]);
}

/** `undefined` while one is not stored. */
export function stored(): TaskInput[] | undefined {
  const all = inputs().map(({ name, kind, blob }) => (blob === undefined ? undefined : { name, kind, blob }));
  return all.every((input) => input !== undefined) ? all : undefined;
}

export const address = (input: { blob?: string }) => (input.blob === undefined ? undefined : blobAddress(input.blob));
