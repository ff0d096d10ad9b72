/** Draws a timeline, and finds the call at a place of it. */

import type { CallSpan, Task } from "../api/types";
import { duration } from "../format";
import { colourOf } from "../shell/catalog";
import { bars, callAt, firstAbove, lastWaitedFor, type Lane, type Layout, ticks } from "./layout";

export interface Group {
  label: string;
  task: Task;
  layout: Layout;
}

export interface View {
  from: number;
  to: number;
}

export interface Painting {
  groups: Group[];
  view: View;
  width: number;
  height: number;
  brush: [number, number] | undefined;
  lit: string | undefined;
  chosen: { group: number; call: number } | undefined;
  path: boolean;
}

/** Left of the times. */
export const LABELS = 120;
const AXIS = 22;
const TITLE = 22;
const GAP = 6;
const WAITING = 24;
const ROW = 13;
const LANE_MOST = 160;

/** Rows of a lane are as tall as there is room for. */
const rowHeight = (lane: Lane) => Math.max(1, Math.min(ROW, LANE_MOST / lane.rows.length));

interface Place {
  group: number;
  lane: Lane;
  top: number;
  row: number;
}

/** Where each lane is; lanes of different fleets differ in height. */
function places(groups: Group[]): { lanes: Place[]; titles: number[]; waiting: number[]; height: number } {
  const lanes: Place[] = [];
  const titles: number[] = [];
  const waiting: number[] = [];
  let top = AXIS;
  groups.forEach((group, index) => {
    titles.push(top);
    top += TITLE;
    for (const lane of group.layout.lanes) {
      const row = rowHeight(lane);
      lanes.push({ group: index, lane, top, row });
      top += Math.max(ROW, row * lane.rows.length) + GAP;
    }
    waiting.push(top);
    top += WAITING + GAP;
  });
  return { lanes, titles, waiting, height: top };
}

export const heightOf = (groups: Group[]) => places(groups).height;

export function findCall(groups: Group[], view: View, width: number, x: number, y: number) {
  if (x < LABELS) return undefined;
  const scale = (view.to - view.from) / (width - LABELS);
  const time = view.from + (x - LABELS) * scale;
  for (const { group, lane, top, row } of places(groups).lanes) {
    const found = lane.rows[Math.floor((y - top) / row)];
    const call = found && callAt(found, time, 2 * scale);
    if (call !== undefined) return { group, call };
  }
  return undefined;
}

interface Colours {
  text: string;
  muted: string;
  line: string;
  accent: string;
  bad: string;
  functions: string[];
}

function colours(canvas: HTMLCanvasElement): Colours {
  const style = getComputedStyle(canvas);
  const value = (name: string) => style.getPropertyValue(name).trim();
  return {
    text: value("--text"),
    muted: value("--muted"),
    line: value("--line"),
    accent: value("--accent"),
    bad: value("--bad"),
    functions: Array.from({ length: 8 }, (_, at) => value(`--f${at}`)),
  };
}

export function draw(canvas: HTMLCanvasElement, painting: Painting): void {
  const { width, height } = painting;
  const ratio = globalThis.devicePixelRatio || 1;
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  canvas.style.height = `${height}px`;
  const pen = canvas.getContext("2d");
  if (!pen) return;
  pen.scale(ratio, ratio);
  const ink = colours(canvas);
  pen.font = `12px ${getComputedStyle(canvas).fontFamily}`;
  pen.textBaseline = "middle";
  const { lanes, titles, waiting } = places(painting.groups);
  const toX = (time: number) =>
    LABELS + ((time - painting.view.from) / (painting.view.to - painting.view.from)) * (width - LABELS);

  drawAxis(pen, painting, ink, toX);
  painting.groups.forEach((group, index) => {
    label(pen, group.label, (titles[index] ?? 0) + TITLE / 2, ink.text, "600");
    pen.fillStyle = ink.muted;
    pen.fillText(duration(group.layout.end), LABELS, (titles[index] ?? 0) + TITLE / 2);
    drawWaiting(pen, group, waiting[index] ?? 0, painting, ink, toX);
  });
  for (const place of lanes) drawLane(pen, place, painting, ink);
  if (painting.path) drawPath(pen, lanes, painting, ink, toX);
  drawBrush(pen, painting, ink, toX);
}

type Pen = CanvasRenderingContext2D;
type ToX = (time: number) => number;

function drawAxis(pen: Pen, { view, width, height }: Painting, ink: Colours, toX: ToX): void {
  pen.strokeStyle = ink.line;
  pen.fillStyle = ink.muted;
  for (const time of ticks(view.from, view.to, (width - LABELS) / 90)) {
    const x = Math.round(toX(time)) + 0.5;
    pen.beginPath();
    pen.moveTo(x, AXIS - 4);
    pen.lineTo(x, height);
    pen.stroke();
    if (x < width - 30) pen.fillText(time === 0 ? "0" : duration(time), x + 3, AXIS / 2);
  }
}

function label(pen: Pen, text: string, y: number, colour: string, weight = "400"): void {
  const font = pen.font;
  pen.font = font.replace(/^(\d+ )?/, `${weight} `);
  pen.fillStyle = colour;
  let shown = text;
  while (shown.length > 4 && pen.measureText(shown).width > LABELS - 10) shown = `…${shown.slice(2)}`;
  pen.fillText(shown, 0, y);
  pen.font = font;
}

function drawLane(pen: Pen, { group, lane, top, row }: Place, painting: Painting, ink: Colours): void {
  const { view, width, lit, chosen } = painting;
  const calls = painting.groups[group]?.task.calls ?? [];
  label(pen, shortDevice(lane.label), top + Math.max(ROW, row * lane.rows.length) / 2, ink.muted);
  lane.rows.forEach((cells, index) => {
    const y = top + index * row;
    for (const bar of bars(cells, view.from, view.to, width - LABELS)) {
      const call = calls[bar.call] as CallSpan;
      pen.globalAlpha = lit === undefined || lit === call.function ? (call.wasted ? 0.35 : 1) : 0.25;
      pen.fillStyle = call.outcome === "failed" ? ink.bad : (ink.functions[colourOf(call.function)] ?? ink.accent);
      pen.fillRect(LABELS + bar.x, y, Math.max(1, bar.width - (bar.width > 3 ? 1 : 0)), row > 3 ? row - 1 : row);
      if (chosen?.group === group && chosen.call === bar.call) {
        pen.globalAlpha = 1;
        pen.strokeStyle = ink.text;
        pen.lineWidth = 2;
        pen.strokeRect(LABELS + bar.x, y, Math.max(2, bar.width - 1), row - 1);
        pen.lineWidth = 1;
      }
    }
  });
  pen.globalAlpha = 1;
}

/** `a6000-a4000-1/a6000-1` is long, and its end says which. */
function shortDevice(device: string): string {
  return device.includes("/") ? device.slice(device.indexOf("/") + 1) : device;
}

function drawWaiting(pen: Pen, group: Group, top: number, { view, width }: Painting, ink: Colours, toX: ToX): void {
  const { times, counts, most } = group.layout.waiting;
  label(pen, most > 0 ? `waiting, up to ${most}` : "none waited", top + WAITING / 2, ink.muted);
  if (most === 0) return;
  pen.fillStyle = ink.muted;
  pen.globalAlpha = 0.45;
  let drawn = -1;
  for (let at = Math.max(0, firstAbove(times, view.from) - 1); at < times.length; at += 1) {
    const start = times[at] as number;
    if (start > view.to) break;
    const x = Math.max(LABELS, toX(start));
    const right = Math.min(width, Math.max(x + 1, toX(times[at + 1] ?? start)));
    const tall = ((counts[at] as number) / most) * WAITING;
    if (tall > 0 && right > drawn) {
      pen.fillRect(x, top + WAITING - tall, right - x, tall);
      drawn = Math.floor(right);
    }
  }
  pen.globalAlpha = 1;
}

/** From each call to the one that was issued next after its end: see `lastWaitedFor`. */
function drawPath(pen: Pen, lanes: Place[], painting: Painting, ink: Colours, toX: ToX): void {
  painting.groups.forEach((group, index) => {
    const path = new Set(lastWaitedFor(group.task.calls));
    pen.strokeStyle = ink.text;
    pen.lineWidth = 1.5;
    for (const { group: of, lane, top, row } of lanes) {
      if (of !== index) continue;
      lane.rows.forEach((cells, at) => {
        const y = top + at * row + row / 2;
        for (const bar of bars(cells, painting.view.from, painting.view.to, painting.width - LABELS)) {
          if (!path.has(bar.call)) continue;
          const call = group.task.calls[bar.call] as CallSpan;
          pen.beginPath();
          pen.moveTo(Math.max(LABELS, toX(call.issued_offset_ns)), y);
          pen.lineTo(LABELS + bar.x + bar.width, y);
          pen.stroke();
        }
      });
    }
  });
  pen.lineWidth = 1;
}

function drawBrush(pen: Pen, { brush, height }: Painting, ink: Colours, toX: ToX): void {
  if (!brush) return;
  const [a, b] = brush;
  pen.fillStyle = ink.accent;
  pen.globalAlpha = 0.2;
  pen.fillRect(Math.min(toX(a), toX(b)), 0, Math.abs(toX(a) - toX(b)), height);
  pen.globalAlpha = 1;
}
