// The page is whole without this: here is only the search, and what copies a line.
const box = document.querySelector("#search");
const told = document.querySelector("#found");
const articles = [...document.querySelectorAll("article")];
const links = new Map([...document.querySelectorAll("nav a")].map((link) => [link.hash.slice(1), link.closest("li")]));
const words = document.documentElement.lang === "en"
  ? { one: "1 entry", many: "entries", copy: "Copy", copied: "Copied", lines: "Copy the lines for" }
  : { one: "1 item", many: "itens", copy: "Copiar", copied: "Copiado", lines: "Copiar as linhas de" };
const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
const texts = articles.map((article) => plain(article.textContent));

function find() {
  const asked = plain(box.value).split(/\s+/).filter(Boolean);
  let found = 0;
  articles.forEach((article, i) => {
    const fits = asked.every((word) => texts[i].includes(word));
    article.hidden = !fits;
    const entry = links.get(article.id);
    if (entry) entry.hidden = !fits;
    found += fits;
  });
  for (const section of document.querySelectorAll("main > section")) {
    section.hidden = asked.length > 0 && !section.querySelector("article:not([hidden])");
  }
  told.textContent = asked.length === 0 ? "" : found === 1 ? words.one : `${found} ${words.many}`;
}

document.querySelector("nav details").open = matchMedia("(min-width: 64rem)").matches;
document.querySelector(".search").hidden = false;
document.querySelector(".search").addEventListener("submit", (event) => {
  event.preventDefault();
  document.querySelector("article:not([hidden])")?.scrollIntoView();
});
box.addEventListener("input", find);
box.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  box.value = "";
  find();
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, textarea")) return;
  event.preventDefault();
  box.focus();
});
// A link to an entry that the search has hidden shows it.
window.addEventListener("hashchange", () => {
  const target = document.getElementById(location.hash.slice(1));
  if (!target?.closest("[hidden]")) return;
  box.value = "";
  find();
  target.scrollIntoView();
});

if (navigator.clipboard) {
  for (const line of document.querySelectorAll(".line")) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = words.copy;
    button.setAttribute("aria-label", `${words.lines} ${line.closest("article").querySelector("h3").textContent}`);
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(line.querySelector("code").textContent);
      told.textContent = words.copied;
      button.textContent = words.copied;
      setTimeout(() => { button.textContent = words.copy; }, 2000);
    });
    line.prepend(button);
  }
}
