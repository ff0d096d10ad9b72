/** Which page is shown: it is in the address after `#`, so it can be kept and shared. */

export interface Route {
  page: "ask" | "runs" | "run" | "functions";
  run: number;
  part: "answer" | "flow" | "cost";
  /** Shown beside the run on the timeline. */
  beside?: number;
}

export function parse(hash: string): Route {
  const [path = "", search = ""] = hash.replace(/^#\/?/, "").split("?");
  const [page, id, part] = path.split("/");
  const route: Route = { page: "ask", run: 0, part: "answer" };
  if (page === "functions") return { ...route, page: "functions" };
  if (page !== "runs") return route;
  const run = Number(id);
  if (!id || !Number.isInteger(run)) return { ...route, page: "runs" };
  const beside = Number(new URLSearchParams(search).get("beside"));
  return {
    page: "run",
    run,
    part: part === "flow" || part === "cost" ? part : "answer",
    ...(beside > 0 && { beside }),
  };
}

export const runAddress = (id: number, part: Route["part"] = "answer", beside?: number) =>
  `#/runs/${id}${part === "answer" ? "" : `/${part}`}${beside === undefined ? "" : `?beside=${beside}`}`;


