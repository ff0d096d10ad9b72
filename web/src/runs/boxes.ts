/** Boxes among the results of calls. */

import type { CallResult } from "../api/types";

export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
  function: string;
  /** Its place in its call's list, from 1. */
  number: number;
  label: string;
}

export function boxesOf(results: CallResult[]): Box[] {
  return results.flatMap((result) => {
    const list = Array.isArray(result.result) ? (result.result as unknown[]) : [result.result];
    return list.flatMap((value, at) => {
      const box = asBox(value);
      return box ? [{ ...box, function: result.function, number: at + 1 }] : [];
    });
  });
}

function asBox(value: unknown): Omit<Box, "function" | "number"> | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const { x, y, width, height, label } = value as Record<string, unknown>;
  const isBox = [x, y, width, height].every((side) => typeof side === "number" && Number.isFinite(side));
  if (!isBox || (width as number) <= 0 || (height as number) <= 0) return undefined;
  return {
    x: x as number,
    y: y as number,
    width: width as number,
    height: height as number,
    label: typeof label === "string" ? label : "",
  };
}
