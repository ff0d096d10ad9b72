// Packs each file of the page once, when it is built, as small as it gets: the server only sends.
// Fails if the first load outgrows what the page promises (docs/page.md).
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const MOST_BYTES = 200_000;
const DIST = new URL("../dist", import.meta.url).pathname;

const files = readdirSync(DIST, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && /\.(html|js|css|svg)$/.test(entry.name))
  .map((entry) => join(entry.parentPath, entry.name));

let total = 0;
for (const file of files) {
  const plain = readFileSync(file);
  const gzip = gzipSync(plain, { level: 9 });
  const brotli = brotliCompressSync(plain, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } });
  writeFileSync(`${file}.gz`, gzip);
  writeFileSync(`${file}.br`, brotli);
  total += gzip.length;
}

console.log(`the whole page: ${total} bytes with gzip, of ${MOST_BYTES} at most`);
if (total > MOST_BYTES) {
  console.error("it is too large: find out what came in, with `npx vite build --debug`");
  process.exit(1);
}
