// A QR code of a text, made where it is shown: a reader's answers are sent to nobody to draw them. Bytes, error level M, versions
// 1 to 10, mask 0 (ISO/IEC 18004): the same modules as segno makes with these settings.

// Per version: codewords of data, codewords for mending in each block, blocks.
const SIZES = [[16, 10, 1], [28, 16, 1], [44, 26, 1], [64, 18, 2], [86, 24, 2], [108, 16, 4], [124, 18, 4], [154, 22, 4], [182, 22, 5], [216, 26, 5]];
const FORMAT = 0b101010000010010; // level M, mask 0
const VERSIONS = { 7: 0x07c94, 8: 0x085bc, 9: 0x09a99, 10: 0x0a4d3 };

const POWERS = new Uint8Array(512);
const LOGS = new Uint8Array(256);
for (let exponent = 0, value = 1; exponent < 255; exponent += 1) {
  POWERS[exponent] = POWERS[exponent + 255] = value;
  LOGS[value] = exponent;
  value = value & 128 ? (value << 1) ^ 0x11d : value << 1;
}

function times(a, b) {
  return a && b ? POWERS[LOGS[a] + LOGS[b]] : 0;
}

// Returns rows of true (dark) and false, or null when the text is too long.
export function qrModules(text) {
  const bytes = new TextEncoder().encode(text);
  const version = 1 + SIZES.findIndex(([data], index) => bytes.length + (index < 9 ? 2 : 3) <= data);
  if (!version) return null;
  const code = new Code(version);
  code.fill(interleaved(codewords(bytes, version), version));
  return code.rows;
}

function codewords(bytes, version) {
  const [size] = SIZES[version - 1];
  const bits = [];
  const add = (value, length) => {
    for (let bit = length - 1; bit >= 0; bit -= 1) bits.push((value >> bit) & 1);
  };
  add(0b0100, 4);
  add(bytes.length, version < 10 ? 8 : 16);
  bytes.forEach((byte) => add(byte, 8));
  add(0, Math.min(4, size * 8 - bits.length));
  while (bits.length % 8) bits.push(0);
  const words = [];
  for (let at = 0; at < bits.length; at += 8) words.push(bits.slice(at, at + 8).reduce((word, bit) => word * 2 + bit, 0));
  for (let pad = 0xec; words.length < size; pad ^= 0xec ^ 0x11) words.push(pad);
  return words;
}

function interleaved(words, version) {
  const [size, mending, count] = SIZES[version - 1];
  const short = Math.floor(size / count);
  const blocks = [];
  for (let block = 0, at = 0; block < count; block += 1) {
    const length = short + (block >= count - (size % count) ? 1 : 0);
    blocks.push(words.slice(at, at + length));
    at += length;
  }
  const checks = blocks.map((block) => mended(block, mending));
  const result = [];
  for (let at = 0; at <= short; at += 1) blocks.forEach((block) => at < block.length && result.push(block[at]));
  for (let at = 0; at < mending; at += 1) checks.forEach((check) => result.push(check[at]));
  return result;
}

// Returns the codewords by which a reader mends the block: the rest of a division (Reed and Solomon).
function mended(block, length) {
  let divisor = [1];
  for (let root = 0; root < length; root += 1) {
    const next = [...divisor, 0];
    divisor.forEach((factor, at) => (next[at + 1] ^= times(factor, POWERS[root])));
    divisor = next;
  }
  const rest = [...block, ...new Array(length).fill(0)];
  for (let at = 0; at < block.length; at += 1) {
    const factor = rest[at];
    if (factor) divisor.forEach((other, offset) => (rest[at + offset] ^= times(other, factor)));
  }
  return rest.slice(block.length);
}

class Code {
  constructor(version) {
    this.size = 17 + 4 * version;
    this.rows = Array.from({ length: this.size }, () => new Array(this.size).fill(null));
    this.finders();
    this.alignments(version);
    this.timing();
    this.format();
    this.version(version);
  }

  finders() {
    const far = this.size - 7;
    for (const [top, left] of [[0, 0], [0, far], [far, 0]]) {
      for (let y = -1; y <= 7; y += 1) {
        for (let x = -1; x <= 7; x += 1) {
          const ring = Math.max(Math.abs(x - 3), Math.abs(y - 3));
          if (this.rows[top + y]?.[left + x] !== undefined) this.rows[top + y][left + x] = ring !== 2 && ring !== 4;
        }
      }
    }
  }

  alignments(version) {
    if (version === 1) return;
    const last = this.size - 7;
    const places = version < 7 ? [6, last] : [6, (6 + last) / 2, last];
    for (const y of places) {
      for (const x of places) {
        if (this.rows[y][x] !== null) continue; // A finder is there.
        for (let dy = -2; dy <= 2; dy += 1) {
          for (let dx = -2; dx <= 2; dx += 1) this.rows[y + dy][x + dx] = Math.max(Math.abs(dx), Math.abs(dy)) !== 1;
        }
      }
    }
  }

  timing() {
    for (let at = 8; at < this.size - 8; at += 1) this.rows[6][at] = this.rows[at][6] = at % 2 === 0;
  }

  format() {
    const { rows, size } = this;
    for (let bit = 0; bit < 15; bit += 1) {
      const dark = Boolean((FORMAT >> bit) & 1);
      const near = bit < 6 ? bit : bit < 8 ? bit + 1 : null;
      if (near !== null) rows[near][8] = dark;
      else rows[8][bit === 8 ? 7 : 14 - bit] = dark;
      if (bit < 8) rows[8][size - 1 - bit] = dark;
      else rows[size - 15 + bit][8] = dark;
    }
    rows[size - 8][8] = true;
  }

  version(version) {
    if (version < 7) return;
    for (let bit = 0; bit < 18; bit += 1) {
      const dark = Boolean((VERSIONS[version] >> bit) & 1);
      const [near, far] = [Math.floor(bit / 3), this.size - 11 + (bit % 3)];
      this.rows[near][far] = this.rows[far][near] = dark;
    }
  }

  // Lays the bits in columns of two, from the right, up and down in turn.
  fill(words) {
    let at = 0;
    for (let right = this.size - 1, up = true; right > 0; right -= 2, up = !up) {
      if (right === 6) right -= 1;
      for (let step = 0; step < this.size; step += 1) {
        const y = up ? this.size - 1 - step : step;
        for (const x of [right, right - 1]) {
          if (this.rows[y][x] !== null) continue;
          const bit = at < words.length * 8 && Boolean((words[at >> 3] >> (7 - (at % 8))) & 1);
          this.rows[y][x] = bit !== ((x + y) % 2 === 0);
          at += 1;
        }
      }
    }
  }
}

// Returns the code as a picture, with the quiet margin that cameras want; null when the text is too long.
export function qrPicture(text) {
  const rows = qrModules(text);
  if (!rows) return null;
  const margin = 4;
  const size = rows.length + 2 * margin;
  const picture = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  picture.setAttribute("viewBox", `0 0 ${size} ${size}`);
  picture.setAttribute("class", "qr");
  picture.setAttribute("aria-hidden", "true");
  const ground = document.createElementNS(picture.namespaceURI, "path");
  ground.setAttribute("fill", "#fff");
  ground.setAttribute("d", `M0 0h${size}v${size}H0z`);
  const dark = document.createElementNS(picture.namespaceURI, "path");
  dark.setAttribute("d", rows.map((row, y) => row.map((on, x) => (on ? `M${x + margin} ${y + margin}h1v1h-1z` : "")).join("")).join(""));
  picture.append(ground, dark);
  return picture;
}
