// Calls to the sandbox, and the one place that tells a person what went wrong.

const toast = document.getElementById("toast");
let fading;

export function say(text) {
  toast.textContent = text;
  toast.hidden = false;
  clearTimeout(fading);
  fading = setTimeout(() => { toast.hidden = true; }, 6000);
}

async function call(method, path, body) {
  const options = { method, headers: body ? { "Content-Type": "application/json" } : {} };
  const answer = await fetch(path, body ? { ...options, body: JSON.stringify(body) } : options);
  const found = answer.status === 204 ? null : await answer.json();
  if (!answer.ok) throw new Error(found.error.message);
  return found;
}

export const get = (path) => call("GET", path);
export const post = (path, body) => call("POST", path, body);
export const remove = (path) => call("DELETE", path);

// Runs what a person asked for and says what hinders it; true when it was done.
export async function attempt(work, after = () => {}) {
  try {
    await work();
    return true;
  } catch (error) {
    say(error instanceof TypeError ? "The sandbox does not answer. Is it running?" : error.message);
    return false;
  } finally {
    await after();
  }
}

// When ARO itself did not take a webhook, the person would otherwise wait for nothing.
export function tellWebhook(answer) {
  const status = answer.webhook_status;
  if (status === null) say("ARO has not taken this yet. The sandbox keeps trying for two minutes.");
  else if (status >= 300) say(`ARO answered ${status} to this webhook. Its log says why.`);
}
