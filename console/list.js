// A list that is searched, sorted, read page by page, and read again when something changed.
import { get } from "./api.js";
import { element, table, tableRow } from "./dom.js";
import { number } from "./format.js";
import { keeping, unknown } from "./keep.js";
import { say } from "./words.js";

const page = 50;
const most = 1000; // the service's longest page

/**
 * `path`, `id` (the member that names an item), `columns` [{text, kind, cell(item)}], `filters()` the
 * parameters, `empty` what is said when there is nothing, `onShown(items)`. Its `reload(position, ids)` shows what is
 * true at that position; `every` milliseconds it is read anew.
 */
export function pagedList({ caption, path, id, columns, filters, empty = "nothing", every = null, onShown = () => {}, signal }) {
  const body = element("tbody");
  const count = element("p", { class: "note", role: "status" }, say("loading"));
  const more = element("button", { type: "button", hidden: true, onclick: () => next() }, say("more"));
  const whole = table(caption, columns, body);
  whole.hidden = true; // until something is known
  let items = [];
  let cursor = null;
  let changed = new Set();
  let position = 0;
  let shown = null; // what is on the page, as text

  function row(item) {
    return tableRow(columns, columns.map(({ cell }) => cell(item)), { "data-id": item[id], class: changed.has(item[id]) ? "fresh" : null });
  }

  function sayCount(text) {
    if (count.textContent !== text) count.textContent = text; // said again only when it is new
  }

  const rowOf = (name) => body.querySelector(`tr[data-id="${CSS.escape(name)}"]`);
  const pressable = (of) => [...(of?.querySelectorAll("a, button") ?? [])];

  /** In which row the focus is, and on which of its links and buttons. */
  function focusedPlace() {
    const focused = document.activeElement?.closest?.("tr");
    return body.contains(focused) ? { id: focused.dataset.id, at: pressable(focused).indexOf(document.activeElement) } : null;
  }

  const sought = () => Boolean(filters().q || filters().status);

  function show() {
    if (items.length) sayCount(say(cursor ? "shown_more" : "shown", { count: number(items.length) }));
    else sayCount(say(cursor ? "nothing_so_far" : sought() ? "nothing_matches" : empty)); // a page looks at so many entries only
    whole.hidden = !items.length;
    const now = JSON.stringify([items, cursor, [...changed]]);
    more.hidden = !cursor;
    if (now === shown) return; // a reader may have marked text in it
    shown = now;
    const focused = focusedPlace();
    body.replaceChildren(...items.map(row));
    if (focused) pressable(rowOf(focused.id))[focused.at]?.focus();
    onShown(items);
  }

  const read = (parameters) => get(path, { ...filters(), ...parameters }, signal);
  const tell = (error) => shown === null && sayCount(unknown(error).textContent);

  async function again() {
    const fresh = [...changed];
    const asked = JSON.stringify(filters());
    const answer = await read({ limit: Math.min(Math.max(page, items.length), most), at_least: position || null });
    if (asked !== JSON.stringify(filters())) return; // another question is on its way
    ({ items, next_cursor: cursor } = answer);
    show();
    for (const each of fresh) changed.delete(each);
  }

  async function next() {
    try {
      const answer = await read({ limit: page, cursor });
      items = items.concat(answer.items);
      cursor = answer.next_cursor;
      show();
    } catch {
      list.soon(); // which tells what is wrong, and goes on when it is not any more
    }
  }

  const list = keeping(again, { signal, every, onError: tell });
  return {
    node: element("section", {}, count, whole, more),
    item: (name) => items.find((each) => String(each[id]) === name),
    row: rowOf,
    reload: (at = 0, ids = []) => {
      position = Math.max(position, at);
      for (const name of ids) changed.add(name);
      list.soon();
    },
    restart: () => {
      items = [];
      list.soon();
    },
    load: list.now,
  };
}
