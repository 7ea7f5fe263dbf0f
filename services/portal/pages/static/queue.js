// Forms that wait for the network, in IndexedDB, each for the account that filled it in. Pages and the service worker
// share this file. An entry goes when the server has taken it; its key makes sending it twice have one effect.
(function () {
  "use strict";
  const ENTRIES = "entries", SECONDS = 120, SLOWEST = 10000;
  const NOT_TAKEN = { plain: "服务器没有收下，可能照片太大", beside: [], wrong: {} };
  const news = new BroadcastChannel("queue");
  let me = null;

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

  // A new entry, after all that wait already: clocks are set back, and a patrol's points arrive in the order of walking.
  async function add(entry) {
    const all = await within("readonly", function (entries) { return entries.getAll(); });
    await keep({ ...entry, order: all.reduce((last, each) => Math.max(last, each.order), 0) + 1 });
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
    return all.filter(function (entry) { return entry.who === who; }).sort(function (a, b) { return a.order - b.order; });
  }

  // Who is logged in, with the token of the session; null where the server does not say so. The log-in page of a public
  // network answers 200 in its place.
  async function session() {
    const answer = await fetch("/outdoors/session", { cache: "no-store" });
    return answer.ok ? answer.json().catch(() => null) : null;
  }

  // Time enough for the photos at 10 kB a second.
  function patience(entry) {
    const bytes = entry.values.reduce((sum, [, value]) => sum + (value instanceof File ? value.size : 0), 0);
    return AbortSignal.timeout((SECONDS + bytes / SLOWEST) * 1000);
  }

  // What the server says of it, `at` or why it is refused; null where it could not be tried.
  async function told(entry, token) {
    const body = new FormData();
    for (const [name, value] of entry.values) body.append(name, value);
    body.set("key", entry.key);
    body.set("csrf_token", token);
    const asked = { method: "POST", body: body, headers: { Accept: "application/json" } };
    const answer = await fetch(entry.action, { ...asked, signal: patience(entry) });
    if (answer.status === 401 || answer.status === 429 || answer.status >= 500) return null;
    const words = await answer.json().catch(() => (answer.ok ? null : NOT_TAKEN));
    return words && words.code === "cross_site" ? null : words;
  }

  // Whether it could be tried. A refusal stays with the entry, for a person to correct or delete.
  async function send(entry, token, taken) {
    const words = await told(entry, token);
    if (!words) return false;
    if (words.at) {
      taken.set(entry.key, words.at);
      news.postMessage({ key: entry.key, at: words.at });
      await drop(entry.key);
    } else {
      await keep({ ...entry, refused: words });
    }
    return true;
  }

  function withoutNetwork(error) {
    if (error.name !== "TypeError" && error.name !== "TimeoutError" && error.name !== "AbortError") throw error;
    return null;
  }

  // Of an entry that the phone could not keep: as `told`.
  async function direct(entry) {
    me = await session().catch(withoutNetwork);
    return me && me.who === entry.who ? told(entry, me.token).catch(withoutNetwork) : null;
  }

  // Whether, when last asked, the network was there and this account was not the one logged in.
  function loggedOut(who) {
    return me !== null && me.who !== who;
  }

  // Sends what waits of whoever is logged in, one sender at a time; where what was taken is found, by key.
  function upload() {
    return navigator.locks.request("upload", async function () {
      const taken = new Map();
      try {
        me = null;
        me = await session();
        for (const entry of me ? await of(me.who) : []) {
          if (!entry.refused && !(await send(entry, me.token, taken))) break;
        }
      } catch (error) {
        withoutNetwork(error);
      }
      return taken;
    });
  }

  self.queue = { add, drop, found, of, upload, direct, loggedOut, news };
})();
