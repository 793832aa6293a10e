// Forms over the page: each carries out one intent, and says beside a field what is wrong with it.
import { mayPass, Problem } from "./api.js";
import { intent } from "./act.js";
import { element } from "./dom.js";
import { reason } from "./keep.js";
import { say } from "./words.js";

export const patience = 5000; // ms until it is said why it takes long
let count = 0;

/** A window over the page with a title; it goes when it is closed. The answer closes it. */
export function openDialog(title, ...nodes) {
  const id = `dialog-${++count}`;
  const dialog = element("dialog", { class: "panel dialog", "aria-labelledby": id },
    element("h2", { id }, title), ...nodes);
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  return () => dialog.close();
}

/** What is open belongs to the page that is left. */
export const closeDialogs = () => document.querySelectorAll("dialog[open]").forEach((dialog) => dialog.close());

/** A field of a form, of several lines where it has `rows`: `read(text)` gives its value, undefined if there is none, or throws words for the reader. */
export function textField({ name, label, note, value = "", read = (text) => text.trim() || undefined, rows = null, ...attributes }) {
  const id = `field-${++count}`;
  const described = { id, name, autocomplete: "off", "aria-describedby": `${id}-note ${id}-fault`, ...attributes };
  const input = rows ? element("textarea", { rows, ...described }, value) : element("input", { value, ...described });
  const fault = element("p", { class: "error", id: `${id}-fault` });
  return {
    name,
    node: element("div", { class: "field" }, element("label", { for: id }, label), input,
      element("p", { class: "note", id: `${id}-note` }, note ?? ""), fault),
    read: () => read(input.value),
    blame: (text) => {
      fault.textContent = text ?? "";
      if (text) input.setAttribute("aria-invalid", "true");
      else input.removeAttribute("aria-invalid");
    },
    focus: () => input.focus(),
  };
}

/** Words for what became of an intent that was not carried out. */
export function outcomeOf(error) {
  if (mayPass(error)) return `${reason(error)} ${say("may_be_done")}`;
  if (error.status === 412) return say("changed_meanwhile");
  return [error.title, error.message].filter((text, at, all) => text && all.indexOf(text) === at).join(": ");
}

/**
 * Keeps the intent until its outcome is known, so that a second press is the same request. `request()` makes
 * {method, path, body, version}; another one is another intent.
 */
export function once(request) {
  let kept = null;
  return async () => {
    const wanted = request();
    const text = JSON.stringify(wanted);
    if (kept?.text !== text) kept = { text, carryOut: intent(wanted) };
    try {
      const answer = await kept.carryOut();
      kept = null;
      return answer;
    } catch (error) {
      if (!mayPass(error)) kept = null;
      throw error;
    }
  };
}

/**
 * `request(values)` as for `once`; `onDone(answer)`; `onStale()` when its version is an older one: it reads anew, and where
 * it gives true nothing else changed, so that the request is made again; `sure(values)` a question that is to be answered
 * by a second press, if any; `onLeft(going)` when it is closed while the request goes on.
 */
export function commandDialog({ title, intro = [], fields = [], submit, leaving = say("cancel"), final = false, request, onDone, onStale, sure = () => null, onLeft = () => {} }) {
  let values = {};
  let asked = null; // what was asked whether he is sure of
  let going = null;
  const wait = element("p", { class: "notice", role: "status", hidden: true });
  const carryOut = once(() => request(values));
  const trouble = element("p", { class: "error", role: "alert" });
  const leave = element("button", { type: "button", onclick: () => close() }, leaving);
  const button = element("button", { type: "submit", class: final ? "danger" : "primary" }, submit);

  function blame(problem) {
    const rest = [];
    for (const { pointer, detail } of problem.faults) {
      const field = fields.find(({ name }) => pointer === `/${name}`);
      if (field) field.blame(detail);
      else rest.push(detail);
    }
    trouble.textContent = problem.faults.length ? rest.join(" · ") : outcomeOf(problem);
    fields.find(({ name }) => problem.faults.some(({ pointer }) => pointer === `/${name}`))?.focus();
  }

  async function go(event) {
    event.preventDefault();
    if (button.disabled) return;
    trouble.textContent = "";
    fields.forEach((field) => field.blame(null));
    try {
      values = Object.fromEntries(fields.map((field) => [field.name, field]).map(([name, field]) => {
        try {
          return [name, field.read()];
        } catch (fault) {
          field.blame(fault.message);
          field.focus();
          throw fault;
        }
      }).filter(([, value]) => value !== undefined));
    } catch {
      return;
    }
    const question = sure(values);
    if (question && asked !== JSON.stringify(values)) {
      asked = JSON.stringify(values);
      trouble.textContent = question;
      button.textContent = say("yes_do_it");
      return;
    }
    button.disabled = true;
    button.textContent = say("carrying_out");
    const late = setTimeout(() => {
      wait.textContent = say("goes_on");
      wait.hidden = false;
      leave.textContent = say("close");
    }, patience);
    try {
      going = carryOut().catch(async (error) => {
        if (error.status !== 412 || await onStale() !== true) throw error;
        return carryOut();
      });
      const answer = await going;
      close();
      onDone(answer);
    } catch (error) {
      if (error instanceof Problem) blame(error);
      else trouble.textContent = outcomeOf(error);
    } finally {
      clearTimeout(late);
      wait.hidden = true;
      going = null;
      asked = null;
      button.disabled = false;
      button.textContent = submit;
      leave.textContent = leaving;
    }
  }

  /** What was asked about is no longer what stands there. */
  function onInput() {
    if (asked === null || going) return;
    asked = null;
    trouble.textContent = "";
    button.textContent = submit;
  }

  const close = openDialog(title, ...intro, element("form", { onsubmit: go, oninput: onInput, novalidate: true }, fields.map(({ node }) => node), trouble, wait,
    element("div", { class: "actions" }, leave, button)));
  button.closest("dialog").addEventListener("close", () => going && onLeft(going));
}
