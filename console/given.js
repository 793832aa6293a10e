// What is written into fields of prices, and until when a price holds.
import { centsOf, time } from "./format.js";
import "./shop_words.js";
import { say } from "./words.js";

export const amount = (text) => {
  if (!text.trim()) return undefined;
  const cents = centsOf(text);
  if (cents === null) throw new Error(say("no_amount"));
  return cents;
};
export const whole = (text) => {
  if (!text.trim()) return undefined;
  if (!/^\d{1,9}$/.test(text.trim())) throw new Error(say("no_whole_number"));
  return Number(text);
};

/** A time of the reader's clock as an instant. */
export const moment = (text) => (text ? new Date(text).toISOString() : undefined);

export const until = ({ valid_from: from, valid_to: to }) => (from || to
  ? [from ? say("valid_from", { time: time(from) }) : null, to ? say("valid_to", { time: time(to) }) : null].filter(Boolean).join(" ")
  : say("always_valid"));
