// A list that is searched, sorted, read page by page, and read again when something changed.
import { get } from "./api.js";
import { calmly, element, table } from "./dom.js";
import { number } from "./format.js";
import { say } from "./words.js";

const page = 50;
const most = 1000; // the service's longest page

/**
 * `path`, `id` (the member that names an item), `columns` [{text, kind, cell(item)}], `filters()` the
 * parameters, `onShown(items)`. Its `reload(position, ids)` shows what is true at that position.
 */
export function pagedList({ caption, path, id, columns, filters, onShown = () => {}, signal }) {
  const body = element("tbody");
  const count = element("p", { class: "note", role: "status" }, say("loading"));
  const more = element("button", { type: "button", hidden: true, onclick: () => next() }, say("more"));
  let items = [];
  let cursor = null;
  let changed = new Set();
  let position = 0;
  let shown = null; // what is on the page, as text

  function row(item) {
    return element("tr", { "data-id": item[id], class: changed.has(item[id]) ? "fresh" : null },
      columns.map((column) => element(column.heading ? "th" : "td",
        { class: column.kind, scope: column.heading ? "row" : null }, column.cell(item))));
  }

  function sayCount(text) {
    if (count.textContent !== text) count.textContent = text; // said again only when it is new
  }

  function show() {
    const key = cursor ? "shown_more" : "shown";
    const none = cursor ? "nothing_so_far" : "nothing"; // a page looks at so many entries only
    sayCount(items.length ? say(key, { count: number(items.length) }) : say(none));
    const now = JSON.stringify([items, cursor, [...changed]]);
    if (now === shown) return; // a reader may have marked text in it
    shown = now;
    const focused = document.activeElement?.closest?.("tr")?.dataset.id;
    body.replaceChildren(...items.map(row));
    if (focused) body.querySelector(`tr[data-id="${CSS.escape(focused)}"] a`)?.focus();
    more.hidden = !cursor;
    onShown(items);
  }

  async function read(parameters) {
    try {
      return await get(path, { ...filters(), ...parameters }, signal);
    } catch (error) {
      if (!signal.aborted) sayCount(error.message);
      return null;
    }
  }

  async function again() {
    const limit = Math.min(Math.max(page, items.length), most);
    const fresh = [...changed];
    const answer = await read({ limit, at_least: position || null });
    if (!answer) return;
    ({ items, next_cursor: cursor } = answer);
    show();
    for (const each of fresh) changed.delete(each);
  }

  async function next() {
    const answer = await read({ limit: page, cursor });
    if (!answer) return;
    items = items.concat(answer.items);
    cursor = answer.next_cursor;
    show();
  }

  const ask = calmly(again);
  return {
    node: element("section", {}, count, table(caption, columns, body), more),
    row: (name) => body.querySelector(`tr[data-id="${CSS.escape(name)}"]`),
    reload: (at = 0, ids = []) => {
      position = Math.max(position, at);
      for (const name of ids) changed.add(name);
      ask();
    },
    restart: () => {
      items = [];
      ask();
    },
    load: again,
  };
}
