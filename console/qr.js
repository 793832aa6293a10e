// A QR code (ISO/IEC 18004) of a text: bytes, error correction M, the smallest of the versions 1 to 20.

const perBlock = [10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22, 22, 24, 24, 28, 28, 26, 26, 26]; // codewords of correction
const blocks = [1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8, 9, 9, 10, 10, 11, 13, 14, 16];

const bit = (value, at) => ((value >>> at) & 1) === 1;

/** What is left of a field of that version for codewords, in bits. */
function roomOf(version) {
  let room = (16 * version + 128) * version + 64;
  if (version < 2) return room;
  const count = Math.floor(version / 7) + 2;
  room -= (25 * count - 10) * count - 55;
  return version < 7 ? room : room - 36;
}

function times(a, b) { // in GF(2^8)
  let product = 0;
  for (let at = 7; at >= 0; --at) {
    product = (product << 1) ^ ((product >>> 7) * 0x11d);
    product ^= ((b >>> at) & 1) * a;
  }
  return product;
}

function divisorOf(degree) {
  const result = [...Array(degree - 1).fill(0), 1];
  let root = 1;
  for (let round = 0; round < degree; ++round) {
    for (let at = 0; at < degree; ++at) result[at] = times(result[at], root) ^ (result[at + 1] ?? 0);
    root = times(root, 2);
  }
  return result;
}

function remainder(data, divisor) {
  const result = divisor.map(() => 0);
  for (const byte of data) {
    const factor = byte ^ result.shift();
    result.push(0);
    divisor.forEach((each, at) => {
      result[at] ^= times(each, factor);
    });
  }
  return result;
}

function codewords(bytes, version) {
  const total = roomOf(version) >>> 3;
  const [correction, count] = [perBlock[version - 1], blocks[version - 1]];
  const capacity = total - correction * count;
  const lengthBits = version < 10 ? 8 : 16;
  if (4 + lengthBits + 8 * bytes.length > 8 * capacity) return null;
  const bits = [];
  const put = (value, size) => {
    for (let at = size - 1; at >= 0; --at) bits.push(bit(value, at));
  };
  put(4, 4);
  put(bytes.length, lengthBits);
  bytes.forEach((byte) => put(byte, 8));
  put(0, Math.min(4, 8 * capacity - bits.length));
  put(0, (8 - (bits.length % 8)) % 8);
  for (let pad = 0xec; bits.length < 8 * capacity; pad ^= 0xec ^ 0x11) put(pad, 8);
  const data = [];
  for (let at = 0; at < bits.length; at += 8) data.push(bits.slice(at, at + 8).reduce((value, one) => value * 2 + one, 0));

  const short = count - (total % count); // blocks that have one codeword less
  const length = Math.floor(total / count) - correction;
  const divisor = divisorOf(correction);
  const parts = [];
  for (let number = 0, at = 0; number < count; ++number) {
    const part = data.slice(at, at += length + (number < short ? 0 : 1));
    parts.push({ part, check: remainder(part, divisor) });
  }
  const result = [];
  for (let at = 0; at <= length; ++at) for (const { part } of parts) if (at < part.length) result.push(part[at]);
  for (let at = 0; at < correction; ++at) for (const { check } of parts) result.push(check[at]);
  return result;
}

function alignmentsOf(version, size) {
  if (version === 1) return [];
  const count = Math.floor(version / 7) + 2;
  const step = Math.ceil((size - 13) / (2 * count - 2)) * 2;
  return [6, ...Array.from({ length: count - 1 }, (_, at) => size - 7 - step * (count - 2 - at))];
}

const masks = [
  (x, y) => (x + y) % 2, (x, y) => y % 2, (x) => x % 3, (x, y) => (x + y) % 3,
  (x, y) => (Math.floor(x / 3) + Math.floor(y / 2)) % 2, (x, y) => ((x * y) % 2) + ((x * y) % 3),
  (x, y) => (((x * y) % 2) + ((x * y) % 3)) % 2, (x, y) => (((x + y) % 2) + ((x * y) % 3)) % 2,
];

function penaltyOf(field) {
  const size = field.length;
  let penalty = 0;
  const lines = [...field, ...field.map((_, x) => field.map((row) => row[x]))];
  for (const line of lines) {
    const text = line.map(Number).join("");
    for (const [run] of text.matchAll(/0{5,}|1{5,}/g)) penalty += run.length - 2;
    for (const pattern of ["10111010000", "00001011101"]) {
      for (let at = text.indexOf(pattern); at >= 0; at = text.indexOf(pattern, at + 1)) penalty += 40;
    }
  }
  let dark = 0;
  for (let y = 0; y < size; ++y) {
    for (let x = 0; x < size; ++x) {
      dark += field[y][x];
      if (y && x && field[y][x] === field[y - 1][x] && field[y][x] === field[y][x - 1] && field[y][x] === field[y - 1][x - 1]) penalty += 3;
    }
  }
  return penalty + 10 * Math.floor(Math.abs((dark * 20) / (size * size) - 10));
}

/** Rows of true (dark) and false; null if the text is too long. */
export function qrField(text) {
  const bytes = [...new TextEncoder().encode(text)];
  let version = 1;
  let words = codewords(bytes, version);
  while (!words && version < blocks.length) words = codewords(bytes, ++version);
  if (!words) return null;
  const size = 17 + 4 * version;
  const field = Array.from({ length: size }, () => Array(size).fill(false));
  const fixed = field.map((row) => [...row]);
  const set = (x, y, dark) => {
    if (x < 0 || y < 0 || x >= size || y >= size) return;
    field[y][x] = dark;
    fixed[y][x] = true;
  };
  const square = (x, y, radius, rings) => {
    for (let dy = -radius; dy <= radius; ++dy) {
      for (let dx = -radius; dx <= radius; ++dx) set(x + dx, y + dy, rings.includes(Math.max(Math.abs(dx), Math.abs(dy))));
    }
  };

  for (let at = 0; at < size; ++at) {
    set(6, at, at % 2 === 0);
    set(at, 6, at % 2 === 0);
  }
  for (const [x, y] of [[3, 3], [size - 4, 3], [3, size - 4]]) square(x, y, 4, [0, 1, 3]);
  const places = alignmentsOf(version, size);
  const last = places.at(-1);
  for (const x of places) {
    for (const y of places) {
      if (!(x === 6 && y === 6) && !(x === 6 && y === last) && !(x === last && y === 6)) square(x, y, 2, [0, 2]);
    }
  }
  const format = (mask) => {
    let rest = mask; // correction M is 0
    for (let round = 0; round < 10; ++round) rest = (rest << 1) ^ ((rest >>> 9) * 0x537);
    const bits = ((mask << 10) | rest) ^ 0x5412;
    for (let at = 0; at < 15; ++at) {
      const dark = bit(bits, at);
      if (at < 6) set(8, at, dark);
      else if (at < 8) set(8, at + 1, dark);
      else if (at === 8) set(7, 8, dark);
      else set(14 - at, 8, dark);
      if (at < 8) set(size - 1 - at, 8, dark);
      else set(8, size - 15 + at, dark);
    }
    set(8, size - 8, true);
  };
  format(0);
  if (version >= 7) {
    let rest = version;
    for (let round = 0; round < 12; ++round) rest = (rest << 1) ^ ((rest >>> 11) * 0x1f25);
    const bits = (version << 12) | rest;
    for (let at = 0; at < 18; ++at) {
      const [a, b] = [size - 11 + (at % 3), Math.floor(at / 3)];
      set(a, b, bit(bits, at));
      set(b, a, bit(bits, at));
    }
  }

  let at = 0;
  for (let right = size - 1; right >= 1; right -= 2) {
    if (right === 6) right = 5;
    for (let step = 0; step < size; ++step) {
      const y = ((right + 1) & 2) === 0 ? size - 1 - step : step;
      for (const x of [right, right - 1]) {
        if (fixed[y][x]) continue;
        field[y][x] = at < 8 * words.length && bit(words[at >>> 3], 7 - (at & 7));
        ++at;
      }
    }
  }

  const masked = (mask) => {
    format(mask);
    return field.map((row, y) => row.map((dark, x) => (!fixed[y][x] && masks[mask](x, y) === 0 ? !dark : dark)));
  };
  return masks.map((_, mask) => masked(mask)).reduce((best, each) => {
    const penalty = penaltyOf(each);
    return best && best.penalty <= penalty ? best : { field: each, penalty };
  }, null).field;
}
