// Knows how the page talks to the stand-in: one function per call of the play API, and the live hints.

async function parse(response) {
  const text = await response.text();
  try {
    return JSON.parse(text);
  } catch {
    return { ok: false, error: `The playground answered ${response.status}: ${text.slice(0, 200)}` };
  }
}

async function get(path, params) {
  const query = new URLSearchParams(Object.entries(params).filter(([, value]) => value !== undefined && value !== null));
  const response = await fetch(`${path}?${query}`);
  const body = await parse(response);
  if (!response.ok) throw new Error(body.error || `The playground answered ${response.status}.`);
  return body;
}

async function post(path, body) {
  try {
    const response = await fetch(path, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
    return await parse(response);
  } catch {
    return { ok: false, error: "The playground does not answer. Is it still running?" };
  }
}

export const api = {
  state: (user) => get("/play/state", { user }),
  messages: (user, channel, thread_ts) => get("/play/messages", { user, channel, thread_ts }),
  views: (user) => get("/play/views", { user }),
  home: (user, quiet, tab) => get("/play/home", { user, quiet: quiet ? 1 : undefined, tab }),
  traffic: (after) => get("/play/traffic", { after }),
  command: (user, channel, text) => post("/play/command", { user, channel, text }),
  message: (user, channel, text, extra) => post("/play/message", { user, channel, text, ...extra }),
  action: (body) => post("/play/action", body),
  submit: (user, view_id, values) => post("/play/submit", { user, view_id, values }),
  close: (user, view_id, all) => post("/play/close", { user, view_id, all }),
  shortcut: (user, callback_id) => post("/play/shortcut", { user, callback_id }),
  messageShortcut: (user, callback_id, channel, ts) => post("/play/message_shortcut", { user, callback_id, channel, ts }),
  options: (body) => post("/play/options", body),
  clock: (body) => post("/play/clock", body),
  fileUrl: (user, id) => `/play/file/${encodeURIComponent(id)}?${new URLSearchParams({ user })}`,

  /** Uploads one file; onProgress gets 0..1. Answers {ok, file} or {ok: false, error}. */
  upload(user, file, onProgress) {
    return new Promise((resolve) => {
      const request = new XMLHttpRequest();
      request.open("POST", `/play/upload?${new URLSearchParams({ user, name: file.name })}`);
      request.setRequestHeader("Content-Type", file.type || "application/octet-stream");
      request.upload.onprogress = (event) => event.lengthComputable && onProgress(event.loaded / event.total);
      request.onerror = () => resolve({ ok: false, error: "The file could not be uploaded." });
      request.onload = () => {
        try {
          resolve(JSON.parse(request.responseText));
        } catch {
          resolve({ ok: false, error: `The upload was refused (${request.status}).` });
        }
      };
      request.send(file);
    });
  },
};

/** Listens to /play/live and calls onHint(hint); while the line is down it asks for a poll every three seconds. */
export class Live {
  constructor(user, onHint, onUp) {
    this.user = user;
    this.onHint = onHint;
    this.onUp = onUp;
    this.delay = 500;
    this.stopped = false;
    this.open();
  }

  open() {
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    this.socket = new WebSocket(`${scheme}://${location.host}/play/live?${new URLSearchParams({ user: this.user })}`);
    this.socket.onopen = () => {
      this.delay = 500;
      clearInterval(this.poll);
      this.poll = null;
      this.onUp(true);
      this.onHint({ type: "all" });
    };
    this.socket.onmessage = (event) => this.onHint(JSON.parse(event.data));
    this.socket.onclose = () => {
      if (this.stopped) return;
      this.onUp(false);
      this.poll ||= setInterval(() => this.onHint({ type: "all" }), 3000);
      setTimeout(() => this.stopped || this.open(), this.delay);
      this.delay = Math.min(this.delay * 2, 5000);
    };
  }

  stop() {
    this.stopped = true;
    clearInterval(this.poll);
    this.socket.close();
  }
}
