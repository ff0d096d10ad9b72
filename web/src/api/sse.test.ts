import { expect, test } from "vitest";
import { EventReader, eventsOf } from "./sse";

function read(...pieces: string[]): string[] {
  const reader = new EventReader();
  return pieces.flatMap((piece) => reader.read(piece));
}

test("events may be cut anywhere", () => {
  const text = 'data: {"a":1}\n\n:\n\ndata: {"b":\ndata: 2}\n\n';
  for (let cut = 0; cut <= text.length; cut += 1) {
    expect(read(text.slice(0, cut), text.slice(cut))).toEqual(['{"a":1}', '{"b":\n2}']);
  }
});

test("an event that is not over is not told", () => {
  expect(read('data: {"a":1}\n')).toEqual([]);
});

test("an answer is read to its end, with characters in pieces", async () => {
  const bytes = new TextEncoder().encode('data: "grün"\n\n');
  const body = new ReadableStream({
    start(controller) {
      for (const byte of bytes) controller.enqueue(Uint8Array.of(byte));
      controller.close();
    },
  });
  const found: unknown[] = [];
  for await (const event of eventsOf(new Response(body))) found.push(event);
  expect(found).toEqual(["grün"]);
});
