// Server-sent events read from a fetch, because EventSource cannot send a key.
import { open, Problem } from "./api.js";

const firstWait = 1000; // ms
const longestWait = 30000;

/** The messages of an event stream: {id, data}. Comments and other fields are passed over. */
async function* messages(body) {
  let rest = "";
  let message = {};
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
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

function pause(milliseconds, signal) {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

/**
 * Hands every CloudEvent after a position to `onEvent`, until the signal; after a break it goes on
 * behind the last one seen. `onState` hears "live" and "broken".
 */
export async function follow(position, { onEvent, onState, signal }) {
  let last = String(position);
  let wait = firstWait;
  while (!signal.aborted) {
    try {
      const headers = { Accept: "text/event-stream", "Last-Event-ID": last };
      const response = await open("/v1/events", { headers, signal });
      onState("live");
      wait = firstWait;
      for await (const message of messages(response.body)) {
        if (message.id !== undefined) last = message.id;
        onEvent(JSON.parse(message.data));
      }
    } catch (error) {
      if (signal.aborted || (error instanceof Problem && error.status === 401)) return;
    }
    onState("broken");
    await pause(wait, signal);
    wait = Math.min(wait * 2, longestWait);
  }
}
