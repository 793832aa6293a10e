// Numbers, money and times as the reader's language writes them.
import { language } from "./words.js";

const whole = new Intl.NumberFormat(language);
const hundredths = new Intl.NumberFormat(language, { maximumFractionDigits: 2 });
const moment = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "medium" });
const dayOnly = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeZone: "UTC" });

export const number = (value) => whole.format(value);
export const decimal = (value) => hundredths.format(value);
export const percent = (value) => `${hundredths.format(value)} %`;
export const time = (text) => moment.format(new Date(text));
/** Of "2026-11-24". */
export const day = (text) => dayOnly.format(new Date(`${text}T00:00:00Z`));

/** Cents with their currency; without one, only the amount. */
export function money(cents, currency) {
  const amount = cents / 100;
  const style = currency ? { style: "currency", currency } : { minimumFractionDigits: 2 };
  return new Intl.NumberFormat(language, style).format(amount);
}

export function duration(seconds) {
  const units = [["day", 86400], ["hour", 3600], ["minute", 60], ["second", 1]];
  const [unit, size] = units.find(([, length]) => seconds >= length) ?? units.at(-1);
  return new Intl.NumberFormat(language, {
    style: "unit", unit, unitDisplay: "long", maximumFractionDigits: 1,
  }).format(seconds / size);
}
