// The way to the service. The key lives in this module, and in the tab's session storage until the tab is closed or
// somebody signs out.
import { remember, remembered } from "./tab.js";
import { language } from "./words.js";

const place = "vitrine.key";
const patience = 20_000; // ms

/** Who is signed in, as GET /v1/me tells it; null: nobody. */
export const session = { me: null };

/** Whether the key may change anything. */
export const mayChange = () => ["operator", "admin"].includes(session.me?.role);

/** Hears "back" when there is an answer after there was none. */
export const line = new EventTarget();
let silent = false;

function heard(error) {
  if (error instanceof NoAnswer || (error instanceof Problem && error.status >= 500 && !error.name)) silent = true;
  else if (silent) {
    silent = false;
    line.dispatchEvent(new Event("back"));
  }
}

let key = null;
let onRefused = () => {};

/** What went wrong, as the service's problem document says it. */
export class Problem extends Error {
  constructor(status, document, retryAfter = null) {
    super(document.detail || document.title || String(status));
    this.status = status;
    this.title = document.title || String(status);
    this.faults = document.errors ?? [];
    this.name = document.type?.split("/").pop() ?? "";
    this.retryAfter = retryAfter; // s
  }
}

/** There was no answer: "offline", "network" or "slow". */
export class NoAnswer extends Error {
  constructor(kind) {
    super(kind);
    this.kind = kind;
  }
}

/** Whether asking again may help by itself. */
export const mayPass = (error) => error instanceof NoAnswer ||
  (error instanceof Problem && (error.status >= 500 || error.status === 429 || error.status === 408));

export function keepKey(value, refused) {
  key = value;
  onRefused = refused;
}

export const rememberKey = () => remember(place, key);
export const rememberedKey = () => remembered(place);

export function forgetKey() {
  key = null;
  session.me = null;
  remember(place, null);
}

/** A signal that also ends after a while, and how to call that off. */
function bounded(signal) {
  const made = new AbortController();
  const stop = () => made.abort(signal.reason);
  const timer = setTimeout(() => made.abort(new NoAnswer("slow")), patience);
  if (signal?.aborted) stop();
  signal?.addEventListener("abort", stop, { once: true });
  return {
    signal: made.signal,
    done: () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", stop);
    },
  };
}

async function ask(path, { method = "GET", headers = {}, body, signal }) {
  const sent = { Authorization: `Bearer ${key}`, "Accept-Language": language, ...headers };
  if (body !== undefined) sent["Content-Type"] = "application/json";
  try {
    return await fetch(path, {
      method,
      headers: sent,
      body: body === undefined ? undefined : JSON.stringify(body),
      signal,
      cache: "no-store",
      credentials: "omit",
      referrerPolicy: "no-referrer",
    });
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    silent = true;
    throw new NoAnswer(navigator.onLine ? "network" : "offline", { cause: error });
  }
}

async function refusal(response) {
  const wait = Number(response.headers.get("Retry-After"));
  const problem = new Problem(response.status, await response.json().catch(() => ({})), Number.isFinite(wait) ? wait : null);
  if (response.status === 401) onRefused(problem);
  return problem;
}

/** The response of a GET whose body comes as it happens; `watch` is told of its signal's end by the caller. */
export async function open(path, { headers = {}, signal }) {
  const response = await ask(path, { headers, signal });
  if (response.ok) return response;
  throw await refusal(response);
}

/** What came back with the status and JSON; a status of 400 and above is a Problem, no answer a NoAnswer. */
export async function send(path, { signal, ...how } = {}) {
  const bound = bounded(signal);
  try {
    const response = await ask(path, { ...how, signal: bound.signal });
    if (!response.ok) throw await refusal(response);
    const json = await response.json().catch((error) => {
      throw bound.signal.aborted ? bound.signal.reason : new NoAnswer("network", { cause: error });
    });
    heard(null);
    return { status: response.status, location: response.headers.get("Location"), json };
  } catch (error) {
    if (!signal?.aborted) heard(error);
    throw error;
  } finally {
    bound.done();
  }
}

/** The JSON at a path; parameters that are empty are left out. */
export async function get(path, parameters = {}, signal = undefined) {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== null && value !== undefined && value !== "") query.set(name, value);
  }
  return (await send(query.size ? `${path}?${query}` : path, { signal })).json;
}

export const offerPath = (id) => `/v1/offers/${encodeURIComponent(id)}`;
export const productPath = (id) => `/v1/products/${encodeURIComponent(id)}`;
