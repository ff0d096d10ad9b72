/** Server-sent events of an answer to a POST, which `EventSource` cannot make. */

/** Takes text as it arrives, cut anywhere, and gives the data of each event that is whole. */
export class EventReader {
  private rest = "";

  read(text: string): string[] {
    this.rest += text;
    const events = this.rest.split(/\r?\n\r?\n/);
    this.rest = events.pop() ?? "";
    return events.map(dataOf).filter((data) => data !== undefined);
  }
}

/** `undefined` for comments, which only keep the connection open. */
function dataOf(event: string): string | undefined {
  const lines = event.split(/\r?\n/).filter((line) => line.startsWith("data:"));
  if (lines.length === 0) return undefined;
  return lines.map((line) => line.slice(5).replace(/^ /, "")).join("\n");
}

export async function* eventsOf<T>(response: Response): AsyncGenerator<T> {
  if (!response.body) return;
  const reader = new EventReader();
  const text = response.body.pipeThrough(new TextDecoderStream());
  // Not `for await`: not every browser's streams can be iterated.
  const pieces = text.getReader();
  try {
    for (;;) {
      const { done, value } = await pieces.read();
      if (done) return;
      for (const data of reader.read(value)) yield JSON.parse(data) as T;
    }
  } finally {
    // Whoever stops listening hangs up, which ends the flow on the other side.
    await pieces.cancel().catch(() => undefined);
  }
}
