/** Money and times for people. */

/** Whole µ$ as dollars, with as many digits as it takes to see two that count. */
export function money(microUsd: number): string {
  const dollars = Math.abs(microUsd) / 1e6;
  const digits = dollars === 0 || dollars >= 1 ? 2 : Math.min(6, Math.max(2, 1 - Math.floor(Math.log10(dollars))));
  return `${microUsd < 0 ? "−" : ""}$${dollars.toFixed(digits)}`;
}

export function duration(ns: number): string {
  const seconds = ns / 1e9;
  if (seconds >= 3600) return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
  if (seconds >= 60) return `${Math.floor(seconds / 60)} min ${Math.floor(seconds % 60)} s`;
  if (seconds >= 10) return `${seconds.toFixed(1)} s`;
  if (seconds >= 1) return `${seconds.toFixed(2)} s`;
  if (seconds >= 0.001) return `${(seconds * 1000).toFixed(seconds < 0.01 ? 1 : 0)} ms`;
  return `${(seconds * 1e6).toFixed(0)} µs`;
}

export function percent(share: number): string {
  return `${(share * 100).toFixed(Math.abs(share) < 0.1 && share !== 0 ? 1 : 0).replace("-", "−")} %`;
}

export function bytes(count: number): string {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  let unit = 0;
  let rest = count;
  while (rest >= 1024 && unit < units.length - 1) {
    rest /= 1024;
    unit += 1;
  }
  return `${rest < 10 && unit > 0 ? rest.toFixed(1) : rest.toFixed(0)} ${units[unit]}`;
}

/** Of nanoseconds since 1970: the time of day, with the date unless it is today. */
export function moment(ns: number, today = new Date()): string {
  const at = new Date(ns / 1e6);
  const time = at.toLocaleTimeString(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit" });
  return at.toDateString() === today.toDateString() ? time : `${at.toLocaleDateString()} ${time}`;
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString("en")} ${count === 1 ? one : many}`;
}
