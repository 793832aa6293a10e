// Which days sales are asked for.
import { get } from "./api.js";
import { element } from "./dom.js";
import { day } from "./format.js";
import { say } from "./words.js";

const dayLength = 86_400_000; // ms
const back = (text, days) => new Date(Date.parse(`${text}T00:00:00Z`) - days * dayLength).toISOString().slice(0, 10);

const sold = (sales) => sales.totals.some(({ orders, refunds }) => orders || refunds);

/**
 * An answer of /v1/sales or an offer's: {sales, sold, asked, note}. Where a period (not days that somebody chose) has no
 * sale and there were some before, as many days up to the last one are asked for, and `note` says so.
 */
export async function salesOf(path, asked, signal) {
  const sales = await get(path, asked, signal);
  const last = sales.last_day;
  if (sold(sales) || !last || !asked.period || last >= sales.from) return { sales, sold: sold(sales), asked };
  const days = (Date.parse(sales.to) - Date.parse(sales.from)) / dayLength;
  const instead = { from: back(last, days), to: last };
  const before = await get(path, instead, signal);
  const note = element("p", { class: "notice" }, say("range_moved", { period: say(asked.period), from: day(instead.from), to: day(last) }));
  return { sales: before, sold: sold(before), asked: instead, note };
}
