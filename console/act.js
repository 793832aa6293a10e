// Commands: each intent of a person is carried out once, however often it has to be sent.
import { mayPass, Problem, send } from "./api.js";

const longest = 15_000; // ms that a person waits before he is asked whether to go on
const firstPause = 1000; // ms
const pollEvery = 1000;

const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

function randomKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return `console-${[...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}

/** The answer of a command that went on after its deadline, once it has one. */
async function concluded(location, fallback) {
  for (;;) {
    await pause(pollEvery);
    const { json } = await send(location);
    if (json.state === "running") continue;
    const answer = json.answer ?? {};
    const body = answer.body ?? answer;
    if (json.state === "succeeded") return body;
    throw new Problem(answer.status ?? 503, Object.keys(body).length ? body : fallback);
  }
}

/**
 * What a person wants done once: `carryOut` may be called again after a failure that may pass, and is the same request
 * with the same key then; of calls at the same time all get the one answer.
 */
export function intent({ method = "POST", path, body, version }) {
  const key = randomKey();
  let running = null;

  async function attempt() {
    const headers = { "Idempotency-Key": key };
    if (version !== undefined) headers["If-Match"] = `"${version}"`; // otherwise there is nothing yet
    const end = Date.now() + longest;
    for (let wait = firstPause; ; wait *= 2) {
      try {
        const { status, location, json } = await send(path, { method, headers, body });
        return status === 202 ? await concluded(location, json) : json;
      } catch (error) {
        const inFlight = error instanceof Problem && error.status === 409 && error.retryAfter !== null;
        const later = Math.max(wait, (error.retryAfter ?? 0) * 1000);
        if (!(inFlight || mayPass(error)) || Date.now() + later > end) throw error;
        await pause(later);
      }
    }
  }

  return () => {
    running ??= attempt().finally(() => {
      running = null;
    });
    return running;
  };
}
