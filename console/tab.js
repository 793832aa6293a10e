// What this tab remembers until it is closed; where the browser keeps nothing for pages, nothing is remembered.

export const remembered = (name) => {
  try {
    return sessionStorage.getItem(name);
  } catch {
    return null;
  }
};

/** null forgets it. */
export function remember(name, value) {
  try {
    if (value === null) sessionStorage.removeItem(name);
    else sessionStorage.setItem(name, value);
  } catch {
    // The page works without.
  }
}
