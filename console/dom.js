// Elements made of data. Text only ever goes in as text nodes.

/** element("a", {href, class, onclick}, "text", node, …); null children and attributes are left out. */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.flat(2).filter((child) => child !== null && child !== undefined));
  return made;
}

/** A select with a label beside it; `choices` is [[value, text], …]. */
export function choice(label, choices, value, onchange) {
  const select = element("select", { onchange: () => onchange(select.value) },
    choices.map(([name, text]) => element("option", { value: name, selected: name === value }, text)));
  return element("label", { class: "field" }, element("span", {}, label), select);
}

/** Names with their values; what has none is left out. */
export const pairs = (lines) => element("dl", { class: "facts" }, lines.filter(([, value]) => value !== null && value !== undefined)
  .map(([name, value]) => element("div", {}, element("dt", {}, name), element("dd", {}, value))));

export function card(label, value, note) {
  return element("div", { class: "card" },
    element("dt", {}, label), element("dd", {}, value, note ? element("small", {}, note) : null));
}

/** A search field; `onchange` hears what is sought. */
export function searchField(label, onchange) {
  const field = element("input", { type: "search", maxlength: 200, oninput: () => onchange(field.value.trim()) });
  return element("label", { class: "field grow" }, element("span", {}, label), field);
}

/** A figure that is not known is a dash to see, and said in words to whoever hears it or asks. */
export const dash = (why) => element("span", { title: why }, element("span", { "aria-hidden": "true" }, "–"), element("span", { class: "hidden" }, why));

export const capital = (text) => text.charAt(0).toLocaleUpperCase() + text.slice(1);

/** A table; its rows are tableRow's, which stand below one another where the screen is narrow. */
export function table(caption, heads, body) {
  const columns = heads.map(({ text, kind, picture }) => (picture ? element("td") : element("th", { scope: "col", class: kind }, capital(text))));
  return element("div", { class: "scroll", role: "group", "aria-label": caption, tabindex: "0" },
    element("table", {}, element("caption", { class: "hidden" }, caption),
      element("thead", {}, element("tr", {}, columns)), body));
}

/**
 * A row of a table with those heads: `cells` in their order. A head that is a `heading` has the row's own. Where the
 * screen is narrow a row stands by itself, and each cell tells the text of its head.
 */
export const tableRow = (heads, cells, attributes = {}) => element("tr", attributes,
  heads.map(({ text, kind, heading, picture }, at) => element(heading ? "th" : "td",
    { class: kind, scope: heading ? "row" : null, "data-label": capital(text) || null, "aria-hidden": picture ? "true" : null }, cells[at])));

/** Calls `work` once things have been quiet for a moment, and never twice at a time. */
export function calmly(work, milliseconds = 150) {
  let timer = null;
  let running = false;
  let again = false;
  const run = async () => {
    timer = null;
    if (running) {
      again = true;
      return;
    }
    running = true;
    try {
      await work();
    } finally {
      running = false;
      if (again) {
        again = false;
        ask();
      }
    }
  };
  const ask = () => {
    timer ??= setTimeout(run, milliseconds);
  };
  return ask;
}
