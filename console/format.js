// Numbers, money and times as the reader's language writes them.
import { language } from "./words.js";

const whole = new Intl.NumberFormat(language);
const hundredths = new Intl.NumberFormat(language, { maximumFractionDigits: 2 });
const moment = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" });
const exact = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "medium" });
const dayOnly = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeZone: "UTC" });
const relative = new Intl.RelativeTimeFormat(language, { numeric: "auto" });
const units = [["day", 86400], ["hour", 3600], ["minute", 60], ["second", 1]];
const currencies = new Map();
const thousands = whole.formatToParts(12345).find(({ type }) => type === "group").value;

const tenths = new Intl.NumberFormat(language, { minimumFractionDigits: 1, maximumFractionDigits: 1 });

export const number = (value) => whole.format(value);
export const decimal = (value) => hundredths.format(value);
export const percent = (value) => `${hundredths.format(value)} %`;
/** A share of a whole, in percent: all alike, so that they can be compared. */
export const portion = (value) => `${tenths.format(value)} %`;
export const time = (value) => moment.format(new Date(value));
export const exactTime = (value) => exact.format(new Date(value));
/** Of "2026-11-24". */
export const day = (text) => dayOnly.format(new Date(`${text}T00:00:00Z`));

/** Cents with their currency; without one, only the amount. */
export function money(cents, currency = undefined) {
  if (cents === null) return "–"; // not known
  if (!currencies.has(currency)) {
    const style = currency ? { style: "currency", currency } : { minimumFractionDigits: 2 };
    currencies.set(currency, new Intl.NumberFormat(language, style));
  }
  return currencies.get(currency).format(cents / 100);
}

function inUnits(seconds) {
  const [unit, size] = units.find(([, length]) => seconds >= length) ?? units.at(-1);
  return [unit, seconds / size];
}

export function duration(seconds) {
  const [unit, value] = inUnits(Math.max(0, seconds)); // this device's clock may be slow
  return new Intl.NumberFormat(language, { style: "unit", unit, unitDisplay: "long", maximumFractionDigits: 0 }).format(Math.floor(value));
}

/** "3 minutes ago" */
export function ago(when) {
  const [unit, value] = inUnits(Math.max(0, (Date.now() - new Date(when)) / 1000));
  return relative.format(-Math.floor(value), unit);
}

/** An amount of two decimals as it is written where it is to be changed. */
export const amountText = (cents) => new Intl.NumberFormat(language, { minimumFractionDigits: 2, useGrouping: false }).format(cents / 100);

/**
 * Cents of what somebody wrote: 19,90 · 19.90 · R$ 1.990,00 · 1,990.00; null if that cannot be told. A point or comma before
 * the last one or two digits is the decimal one; thousands are set apart as the reader's language does, or by the other one.
 */
export function centsOf(text) {
  const found = /^\s*[^\d.,-]{0,4}(-?)((?:\d{1,3}(?:([.,])\d{3})(?:\3\d{3})*)|\d+)?(?:([.,])(\d{1,2}))?\s*[^\d.,]{0,4}$/u.exec(text);
  if (!found) return null;
  const [, sign, before = "", group, point, after = ""] = found;
  if (before + after === "" || group === point && group || (group && !point && group !== thousands)) return null;
  const cents = Number(before.replace(/[.,]/g, "")) * 100 + Number(after.padEnd(2, "0"));
  if (!Number.isSafeInteger(cents)) return null;
  return sign ? -cents : cents;
}
