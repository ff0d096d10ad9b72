// As much of msgpack (https://msgpack.org) as the protocol's frames need: no extensions, no dates.

const utf8 = new TextEncoder();
const text = new TextDecoder("utf-8", { fatal: true });

export function encode(value) {
  const parts = [];
  write(value, parts);
  return Buffer.concat(parts);
}

function write(value, parts) {
  if (value === null || value === undefined) parts.push(Buffer.from([0xc0]));
  else if (typeof value === "boolean") parts.push(Buffer.from([value ? 0xc3 : 0xc2]));
  else if (typeof value === "bigint" || Number.isInteger(value)) parts.push(sized(0xd3, 8, "writeBigInt64BE", BigInt(value)));
  else if (typeof value === "number") parts.push(sized(0xcb, 8, "writeDoubleBE", value));
  else if (typeof value === "string") {
    const bytes = utf8.encode(value);
    parts.push(sized(0xdb, 4, "writeUInt32BE", bytes.length), bytes);
  } else if (value instanceof Uint8Array) parts.push(sized(0xc6, 4, "writeUInt32BE", value.length), value);
  else if (Array.isArray(value)) {
    parts.push(sized(0xdd, 4, "writeUInt32BE", value.length));
    for (const item of value) write(item, parts);
  } else {
    const entries = Object.entries(value);
    parts.push(sized(0xdf, 4, "writeUInt32BE", entries.length));
    for (const [key, item] of entries) {
      write(key, parts);
      write(item, parts);
    }
  }
}

function sized(tag, bytes, method, value) {
  const buffer = Buffer.alloc(1 + bytes);
  buffer[0] = tag;
  buffer[method](value, 1);
  return buffer;
}

export function decode(buffer) {
  let at = 0;
  const take = (bytes) => buffer.subarray(at, (at += bytes));
  const number = (bytes, method) => take(bytes)[method](0);
  const list = (length) => Array.from({ length }, read);
  const map = (length) => {
    const entries = {};
    for (let left = length; left > 0; left--) {
      const key = read();
      Object.defineProperty(entries, key, { value: read(), enumerable: true });
    }
    return entries;
  };
  const string = (length) => text.decode(take(length));
  // 64 bits do not fit a Number: larger ones stay BigInt, and are written back as they came.
  const wide = (value) => (Number.isSafeInteger(Number(value)) ? Number(value) : value);

  const tags = {
    0xc0: () => null, 0xc2: () => false, 0xc3: () => true,
    0xc4: () => take(number(1, "readUInt8")), 0xc5: () => take(number(2, "readUInt16BE")),
    0xc6: () => take(number(4, "readUInt32BE")),
    0xca: () => number(4, "readFloatBE"), 0xcb: () => number(8, "readDoubleBE"),
    0xcc: () => number(1, "readUInt8"), 0xcd: () => number(2, "readUInt16BE"),
    0xce: () => number(4, "readUInt32BE"), 0xcf: () => wide(number(8, "readBigUInt64BE")),
    0xd0: () => number(1, "readInt8"), 0xd1: () => number(2, "readInt16BE"),
    0xd2: () => number(4, "readInt32BE"), 0xd3: () => wide(number(8, "readBigInt64BE")),
    0xd9: () => string(number(1, "readUInt8")), 0xda: () => string(number(2, "readUInt16BE")),
    0xdb: () => string(number(4, "readUInt32BE")),
    0xdc: () => list(number(2, "readUInt16BE")), 0xdd: () => list(number(4, "readUInt32BE")),
    0xde: () => map(number(2, "readUInt16BE")), 0xdf: () => map(number(4, "readUInt32BE")),
  };

  function read() {
    const tag = number(1, "readUInt8");
    if (tag < 0x80) return tag;
    if (tag < 0x90) return map(tag & 0x0f);
    if (tag < 0xa0) return list(tag & 0x0f);
    if (tag < 0xc0) return string(tag & 0x1f);
    if (tag >= 0xe0) return tag - 0x100;
    if (!(tag in tags)) throw new Error(`msgpack: tag 0x${tag.toString(16)} is not used in frames`);
    return tags[tag]();
  }

  return read();
}
