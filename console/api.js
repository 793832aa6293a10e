// The way to the service. The key lives in this module's memory and nowhere else.

let key = null;
let onRefused = () => {};

/** What went wrong, as the service's problem document says it. */
export class Problem extends Error {
  constructor(status, document) {
    super(document.detail || document.title || String(status));
    this.status = status;
    this.title = document.title || String(status);
  }
}

export function keepKey(value, refused) {
  key = value;
  onRefused = refused;
}

export function forgetKey() {
  key = null;
}

/** The response of a GET with the key; a status of 400 and above is a Problem. */
export async function open(path, { headers = {}, signal } = {}) {
  const response = await fetch(path, {
    headers: { Authorization: `Bearer ${key}`, ...headers },
    signal,
    cache: "no-store",
    credentials: "omit",
    referrerPolicy: "no-referrer",
  });
  if (response.ok) return response;
  const problem = new Problem(response.status, await response.json().catch(() => ({})));
  if (response.status === 401) onRefused(problem);
  throw problem;
}

/** The JSON at a path; parameters that are empty are left out. */
export async function get(path, parameters = {}, signal = undefined) {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== null && value !== undefined && value !== "") query.set(name, value);
  }
  const target = query.size ? `${path}?${query}` : path;
  return (await open(target, { signal })).json();
}

export const offerPath = (id) => `/v1/offers/${encodeURIComponent(id)}`;
