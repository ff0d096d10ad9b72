import { describe, expect, test } from "vitest";
import { callSites, lines, lookAtWhole, tokens } from "./calls";

const SERIAL = `import hermod
scene = Image.open("scene.jpg")
cars = await hermod.call("glip", image=scene, object_name="car")
for car in cars:
    # hermod.call("no") is a comment
    patch = scene.crop((car["x"], car["y"], 1, 2))
    colour = await hermod.call("blip", image=patch, question="What (is) it?")
    print("hermod.call('no')", colour['answer'])
`;

const DISTRIBUTED = SERIAL.replace(
  'colour = await hermod.call("blip", image=patch, question="What (is) it?")',
  'colour_call = hermod.call(\n        "blip", image=patch, question="What (is) it?")',
);

describe("calls", () => {
  test("are found with their whole parenthesis, not in comments or strings", () => {
    const found = callSites(SERIAL).map((site) => SERIAL.slice(site.start, site.end));
    expect(found).toEqual([
      'hermod.call("glip", image=scene, object_name="car")',
      'hermod.call("blip", image=patch, question="What (is) it?")',
    ]);
  });

  test("are the same in both programs, whatever their layout", () => {
    const keys = (source: string) => callSites(source).map((site) => site.key);
    expect(keys(DISTRIBUTED)).toEqual(keys(SERIAL));
  });

  test("with the same text are told apart by their order", () => {
    const twice = 'hermod.call("a", x=1)\nhermod.call("a", x=1)\n';
    expect(new Set(callSites(twice).map((site) => site.key)).size).toBe(2);
  });

  test("of a program that is cut off do not run away", () => {
    expect(callSites('hermod.call("a", x=(1').map((site) => site.end)).toEqual([21]);
  });
});

test("a program in lines is the program", () => {
  for (const source of [SERIAL, DISTRIBUTED, "", "x", 'a = """two\nlines"""\n']) {
    const text = lines(source).map((line) => line.map((piece) => piece.text).join(""));
    expect(text.join("\n")).toBe(source.replace(/\n$/, ""));
  }
});

test("words are told apart", () => {
  const source = "for x in 'a\\'b', 12: # on";
  const found = tokens(source).map((token) => [source.slice(token.start, token.end), token.kind]);
  expect(found).toEqual([
    ["for", "keyword"],
    ["x", "text"],
    ["in", "keyword"],
    ["'a\\'b'", "string"],
    ["12", "number"],
    ["# on", "comment"],
  ]);
});

describe("boxes lie on a whole picture", () => {
  test("only of functions that look at nothing else", () => {
    expect([...lookAtWhole(SERIAL)]).toEqual([["glip", "scene.jpg"]]);
    const also = SERIAL + 'wheels = await hermod.call("glip", image=patch, object_name="wheel")\n';
    expect([...lookAtWhole(also)]).toEqual([]);
  });

  test("and not where two pictures are looked at", () => {
    const two = 'a = Image.open("a")\nb = Image.open("b")\nhermod.call("glip", image=a)\nhermod.call("glip", image=b)\n';
    expect([...lookAtWhole(two)]).toEqual([]);
  });
});
