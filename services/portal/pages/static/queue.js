// Forms that wait for the network, in IndexedDB, each for the account that filled it in. Pages and the service worker
// share this file. An entry goes when the server has taken it; its key makes sending it twice have one effect.
(function () {
  "use strict";
  const ENTRIES = "entries", SECONDS = 120;
  const news = new BroadcastChannel("queue");

  function opened() {
    return new Promise(function (resolve, reject) {
      const asked = indexedDB.open("shaodao", 1);
      asked.onupgradeneeded = function () { asked.result.createObjectStore(ENTRIES, { keyPath: "key" }); };
      asked.onsuccess = function () { resolve(asked.result); };
      asked.onerror = function () { reject(asked.error); };
    });
  }

  async function within(mode, act) {
    const base = await opened();
    try {
      return await new Promise(function (resolve, reject) {
        const work = base.transaction(ENTRIES, mode), asked = act(work.objectStore(ENTRIES));
        work.oncomplete = function () { resolve(asked.result); };
        work.onabort = function () { reject(work.error); };
      });
    } finally {
      base.close();
    }
  }

  async function keep(entry) {
    await within("readwrite", function (entries) { return entries.put(entry); });
    news.postMessage("changed");
  }

  async function drop(key) {
    await within("readwrite", function (entries) { return entries.delete(key); });
    news.postMessage("changed");
  }

  function found(key) {
    return within("readonly", function (entries) { return entries.get(key); });
  }

  // What an account has waiting, the oldest first.
  async function of(who) {
    const all = await within("readonly", function (entries) { return entries.getAll(); });
    return all.filter(function (entry) { return entry.who === who; }).sort(function (a, b) { return a.at - b.at; });
  }

  // Who is logged in, with the token of the session; null where nobody is.
  async function session() {
    const answer = await fetch("/outdoors/session", { cache: "no-store" });
    return answer.ok ? answer.json() : null;
  }

  // Whether it could be tried. A refusal stays with the entry, for a person to correct or delete.
  async function send(entry, token, taken) {
    const body = new FormData();
    for (const [name, value] of entry.values) body.append(name, value);
    body.set("key", entry.key);
    body.set("csrf_token", token);
    const asked = { method: "POST", body: body, headers: { Accept: "application/json" } };
    const answer = await fetch(entry.action, { ...asked, signal: AbortSignal.timeout(SECONDS * 1000) });
    if (answer.status === 401 || answer.status === 429 || answer.status >= 500) return false;
    const told = await answer.json();
    if (told.code === "cross_site") return false;
    if (answer.ok) {
      taken.set(entry.key, told.at);
      news.postMessage({ key: entry.key, at: told.at });
      await drop(entry.key);
      return true;
    }
    await keep({ ...entry, refused: told });
    return true;
  }

  // Sends what waits of whoever is logged in, one sender at a time; where what was taken is found, by key.
  function upload() {
    return navigator.locks.request("upload", async function () {
      const taken = new Map();
      try {
        const me = await session();
        for (const entry of me ? await of(me.who) : []) {
          if (!entry.refused && !(await send(entry, me.token, taken))) break;
        }
      } catch (error) {
        if (error.name !== "TypeError" && error.name !== "TimeoutError" && error.name !== "AbortError") throw error;
      }
      return taken;
    });
  }

  self.queue = { keep, drop, found, of, upload, news };
})();
