// Server-sent events read from a fetch, because EventSource cannot send a key.
import { line, open, Problem } from "./api.js";

const firstWait = 1000; // ms
const longestWait = 30_000;
const silence = 40_000; // the service says something every 15 s

/** The messages of an event stream: {id, data}. Comments and other fields are passed over. `onBytes` hears that it lives. */
async function* messages(body, onBytes) {
  let rest = "";
  let message = {};
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    onBytes();
    const lines = (rest + value).split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop();
    for (const line of lines) {
      if (line === "") {
        if (message.data !== undefined) yield message;
        message = {};
        continue;
      }
      const [, name, text] = /^([^:]*):? ?(.*)$/s.exec(line);
      if (name === "data" && message.data !== undefined) message.data += `\n${text}`;
      else if (name === "data" || name === "id") message[name] = text;
    }
  }
}

/** Ends early when there is a hint that an answer can be had again. */
function pause(milliseconds, signal) {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      removeEventListener("online", end);
      line.removeEventListener("back", end);
      resolve();
    };
    const timer = setTimeout(end, milliseconds);
    addEventListener("online", end);
    line.addEventListener("back", end);
    signal.addEventListener("abort", end, { once: true });
  });
}

/** One connection, until it ends or falls silent. */
async function listen(last, { onEvent, onState, signal }) {
  const ended = new AbortController();
  const stop = () => ended.abort();
  signal.addEventListener("abort", stop, { once: true });
  let timer = setTimeout(stop, silence);
  const alive = () => {
    clearTimeout(timer);
    timer = setTimeout(stop, silence);
  };
  try {
    const headers = { Accept: "text/event-stream", "Last-Event-ID": last.id };
    const response = await open("/v1/events", { headers, signal: ended.signal });
    onState("live");
    last.worked = true;
    for await (const message of messages(response.body, alive)) {
      if (message.id !== undefined) last.id = message.id;
      onEvent(JSON.parse(message.data));
    }
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", stop);
    ended.abort();
  }
}

/**
 * Hands every CloudEvent after a position to `onEvent`, until the signal; after a break it goes on
 * behind the last one seen. `onState` hears "live" and "broken".
 */
export async function follow(position, { onEvent, onState, signal }) {
  const last = { id: String(position), worked: false };
  let wait = firstWait;
  while (!signal.aborted) {
    last.worked = false;
    try {
      await listen(last, { onEvent, onState, signal });
    } catch (error) {
      if (signal.aborted || (error instanceof Problem && error.status === 401)) return;
    }
    if (last.worked) wait = firstWait;
    onState("broken");
    await pause(wait * (0.8 + Math.random() * 0.4), signal);
    wait = Math.min(wait * 2, longestWait);
  }
}
