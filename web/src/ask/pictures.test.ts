import { expect, test } from "vitest";
import { kindOf, unlike } from "./pictures";

test("names are each input's own", () => {
  expect(unlike("a.png", [])).toBe("a.png");
  expect(unlike("a.png", ["a.png", "a-2.png"])).toBe("a-3.png");
  expect(unlike(".env", [".env"])).toBe(".env-2");
});

test("a file is what its type or its ending says", () => {
  expect(kindOf({ name: "x", type: "image/webp" })).toBe("image");
  expect(kindOf({ name: "x.CSV", type: "" })).toBe("csv");
  expect(kindOf({ name: "x.bin", type: "application/octet-stream" })).toBe("bytes");
});
