/** The address that is shown now. */

import { createSignal } from "solid-js";
import { parse } from "./route";

const [route, setRoute] = createSignal(parse(location.hash));
export { route };

addEventListener("hashchange", () => {
  setRoute(parse(location.hash));
  // Readers begin to read where the page begins.
  document.querySelector("main")?.focus({ preventScroll: true });
  scrollTo(0, 0);
});
