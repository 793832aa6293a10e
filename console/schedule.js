// What is scheduled for an offer: when it is activated, paused, archived, and what became of what was due.
import { get, mayChange, offerPath } from "./api.js";
import { commandDialog, textField } from "./dialogs.js";
import { capital, element } from "./dom.js";
import { exactTime } from "./format.js";
import { keeping, unknown } from "./keep.js";
import { badge } from "./offers.js";
import { say } from "./words.js";

const steps = ["activate", "pause", "archive"];
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
const reasons = { "offer-archived": "offer_was_archived", "done-by-hand": "was_done_by_hand" };

const sentence = (text) => capital(/[.!?…]$/.test(text) ? text : `${text}.`);

/** A moment as the field for local times writes it: 2026-12-01T00:00. */
function localText(time) {
  const at = new Date(time);
  const two = (value) => String(value).padStart(2, "0");
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}T${two(at.getHours())}:${two(at.getMinutes())}`;
}

/** The service takes moments only: the browser knows which one a time of this device is. */
function momentOf(text) {
  if (!text) return undefined;
  const at = new Date(text);
  if (Number.isNaN(at.getTime())) throw new Error(say("no_moment"));
  return at.toISOString();
}

/** Of the offer with that id; `status()` is how it is now. */
export function schedule(id, { signal, status, onLeft, changed }) {
  const path = `${offerPath(id)}/schedule`;
  const place = element("div", {}, element("p", { class: "note" }, say("loading")));
  const actions = element("div", { class: "actions" });
  const process = `/v1/processes/offer-schedule/${encodeURIComponent(id)}`;
  let why = null; // it is blocked
  let known = null; // null: not known yet
  let position = 0;

  const isOpen = () => known?.status === "scheduled" || known?.status === "blocked";
  const isToCome = (step) => isOpen() && known[`${step}_at`] && !known.outcomes[step];

  function line(step) {
    const at = known[`${step}_at`];
    const outcome = known.outcomes[step];
    const text = outcome ? `schedule_${outcome}` : isOpen() ? "schedule_to_come" : "schedule_not_now";
    return element("div", {}, element("dt", {}, say(`to_${step}`)),
      element("dd", {}, element("time", { datetime: at }, exactTime(at)), " ", badge(outcome ?? "", say(text))));
  }

  function ask() {
    const wanted = steps.filter((step) => step !== "activate" || status() !== "active");
    commandDialog({
      title: say("schedule_title"),
      intro: [element("p", { class: "note" }, say("schedule_zone", { zone }))],
      fields: wanted.map((step) => textField({
        name: `${step}_at`,
        label: say(`to_${step}`),
        type: "datetime-local",
        value: isToCome(step) ? localText(known[`${step}_at`]) : "",
        read: momentOf,
      })),
      submit: say("schedule_set"),
      request: (values) => ({ method: "PUT", path, body: values, version: known.version }),
      onLeft,
      onDone: done,
      onStale: isAsSeen,
    });
  }

  function askToCancel() {
    commandDialog({
      title: say("schedule_cancel_title"),
      fields: [textField({ name: "reason", label: say("reason_field"), maxlength: 500 })],
      submit: say("schedule_cancel"),
      leaving: say("schedule_keep"),
      final: true,
      request: (values) => ({ method: "DELETE", path, body: values, version: known.version }),
      onLeft,
      onDone: done,
      onStale: isAsSeen,
    });
  }

  /** Whether, read anew, it is what it was: the notes that its process makes raise its version, too. */
  async function isAsSeen() {
    const told = () => JSON.stringify([known?.revision, known?.status, known?.outcomes]);
    const before = told();
    await load.now();
    return told() === before;
  }

  function done(answer) {
    position = Math.max(position, answer?.position ?? 0);
    load.now();
    changed();
  }

  function show() {
    if (known.status === "none") place.replaceChildren(element("p", { class: "note" }, say("schedule_none")));
    else {
      const told = reasons[known.reason] ? say(reasons[known.reason]) : known.reason;
      place.replaceChildren(
        element("p", { class: "under" }, badge(known.status, say(`schedule_${known.status}`)), told ? ` ${told}` : null),
        ...(why ? [element("p", { class: "notice" }, say("schedule_blocked_means", { why: sentence(why) }))] : []),
        element("dl", { class: "facts" }, steps.filter((step) => known[`${step}_at`]).map(line)));
    }
    showActions();
  }

  function showActions() {
    const focused = actions.contains(document.activeElement);
    const buttons = [];
    if (known && mayChange() && status() && status() !== "archived") {
      buttons.push(element("button", { type: "button", onclick: ask }, say(isOpen() ? "schedule_change" : "schedule_open")));
      if (isOpen()) buttons.push(element("button", { type: "button", class: "quiet", onclick: askToCancel }, say("schedule_cancel")));
    }
    actions.replaceChildren(...buttons);
    if (focused) buttons[0]?.focus();
  }

  const load = keeping(async () => {
    known = await get(path, { at_least: position || null }, signal);
    why = known.status === "blocked" ? (await get(process, {}, signal)).waits_for : null;
    show();
  }, { signal, onError: (error) => known ?? place.replaceChildren(unknown(error)) });

  return {
    node: element("section", { class: "panel", "aria-labelledby": "schedule-title" },
      element("h2", { id: "schedule-title" }, say("schedule")), place, actions),
    load: load.now,
    show: showActions,
    onEvent: (event) => {
      if (event.subject !== `schedule-${id}`) return;
      position = Math.max(position, Number(event.position));
      load.soon();
    },
  };
}
