// What the program makes of phone numbers (argument), beside what libphonenumber-js does: of Brazil the same, of other countries
// what is between "valid" and "possible".
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { getCountries, getCountryCallingCode, getExampleNumber, parsePhoneNumberFromString as parse } from "libphonenumber-js/max";

const examples = JSON.parse(readFileSync("node_modules/libphonenumber-js/examples.mobile.json"));

// The same every time.
let state = 20261130;
function random(below) {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return Math.floor((state / 2 ** 32) * below);
}
const digits = (count) => Array.from({ length: count }, () => random(10)).join("");

const brazilian = [];
for (let area = 0; area < 100; area++) {
  for (let first = 0; first < 100; first++) {
    for (const size of [8, 9]) {
      const a = String(area).padStart(2, "0");
      const n = String(first).padStart(2, "0") + digits(size - 2);
      const split = `${n.slice(0, -4)}-${n.slice(-4)}`;
      brazilian.push([`+55${a}${n}`, `+55 (${a}) ${split}`, `(${a}) ${split}`, `0${a} ${split}`, `0 15 ${a} ${split}`][random(5)]);
    }
  }
}

const foreign = [];
const codes = new Set();
for (const country of getCountries()) {
  codes.add(getCountryCallingCode(country));
  const example = getExampleNumber(country, examples);
  if (country !== "BR" && example) foreign.push(example.number, example.formatInternational(), example.format("RFC3966").replace("tel:", ""));
}
codes.delete("55");
for (const code of codes) for (let i = 0; i < 400; i++) foreign.push(`+${code}${digits(3 + random(10))}`);
for (let i = 0; i < 5000; i++) foreign.push(`+${digits(4 + random(13))}`);

const texts = [...brazilian, ...foreign];
const done = spawnSync(process.argv[2], { input: texts.join("\n") + "\n", encoding: "utf8", maxBuffer: 1 << 28 });
if (done.status !== 0) throw new Error(`the program ended with ${done.status}`);
const ours = done.stdout.split("\n").slice(0, -1);
if (ours.length !== texts.length) throw new Error("not every line was answered");

const counts = { brazilian: 0, brazilian_taken: 0, foreign: 0, foreign_valid: 0, foreign_taken: 0 };
const people = new Set(["MOBILE", "FIXED_LINE", "FIXED_LINE_OR_MOBILE"]);
const differ = [];
texts.forEach((text, i) => {
  const theirs = parse(text, "BR");
  if (i < brazilian.length || (theirs && theirs.countryCallingCode === "55")) {
    counts.brazilian++;
    const wanted = theirs?.isValid() && theirs.countryCallingCode === "55" && people.has(theirs.getType()) ? theirs.number : "";
    if (ours[i] !== wanted) differ.push({ text, ours: ours[i], theirs: wanted });
    if (ours[i]) counts.brazilian_taken++;
    return;
  }
  counts.foreign++;
  const written = text.replaceAll(/[^+0-9]/g, "");
  const prefix = theirs && written !== theirs.number ? written[theirs.countryCallingCode.length + 1] : "0";
  if (theirs && theirs.number.length > written.length) return; // it adds the digit that is never dialled on an island
  // Dialled within that country: 8 of Russia, 1 of the United States, a carrier of Bolivia.
  if (prefix !== "0" || (theirs && written.length - theirs.number.length > 1)) return;
  if (theirs?.number.length > 16) return; // Germany has some that E.164 has no room for
  const valid = theirs?.isValid() && people.has(theirs.getType());
  if (valid) counts.foreign_valid++;
  if (ours[i]) counts.foreign_taken++;
  if (valid && ours[i] !== theirs.number) differ.push({ text, ours: ours[i], theirs: theirs.number });
  // Of islands that share a code it knows which has numbers of how many digits; we take those of either.
  const shared = ["+290", "+599"].some((code) => ours[i].startsWith(code));
  if (ours[i] && !shared && !parse(ours[i])?.isPossible()) differ.push({ text, ours: ours[i], theirs: "impossible" });
});
if (differ.length > 0) throw new Error(`${differ.length} differ: ${JSON.stringify(differ.slice(0, 20), null, 1)}`);
if (counts.brazilian_taken < 1000 || counts.foreign_valid < 1000) throw new Error(`too few: ${JSON.stringify(counts)}`);
console.log(JSON.stringify(counts));
