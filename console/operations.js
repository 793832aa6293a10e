// What whoever runs the service looks at: unfinished requests, processes, read models, webhooks that are not understood, those
// sent, and deliveries.
import * as commands from "./commands.js";
import * as deliveries from "./deliveries.js";
import { element } from "./dom.js";
import * as endpoints from "./endpoints.js";
import * as processes from "./processes.js";
import * as projections from "./projections.js";
import * as webhooks from "./webhooks.js";
import { say } from "./words.js";

const parts = { commands, processes, projections, webhooks, endpoints, deliveries };

export function show(context, part = "commands") {
  const shown = parts[part];
  if (!shown) return null;
  const made = shown.show(context);
  const [title, ...rest] = made.nodes;
  const links = Object.keys(parts).map((name) => element("a", { href: `#/operations/${name}`, "aria-current": name === part ? "page" : null }, say(name)));
  return { ...made, nodes: [title, element("nav", { class: "parts", "aria-label": say("operations") }, links), ...rest] };
}
