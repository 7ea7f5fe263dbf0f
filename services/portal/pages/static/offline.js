// A form that may be sent later is kept first, then sent; what waits is counted and listed. Without a script, or on an
// address where the browser allows no service worker, forms go their ordinary way.
(function () {
  "use strict";
  const who = document.body.dataset.who, mark = document.getElementById("waiting");
  if (!who || !navigator.serviceWorker || !navigator.locks) return;
  const queue = self.queue, DROPPED = new Set(["csrf_token", "key", "version", "back"]), EVERY = 30000, HEARD = 3000;
  const NO_NETWORK = "未上传：没有网络，已存在这部手机上，有网时自动上传。紧急情况请直接打电话。";
  const LOGGED_OUT = "未上传：登录已经过期，已存在这部手机上。请重新登录，登录后自动上传。";
  const NOT_KEPT = "没有上传，这部手机也存不下（存满了，或是无痕窗口）：请不要关这一页，有网时再点一次。";
  const GONE = "没有上传：有一张照片选好以后被删掉或改动了，请重新选照片，再点一次。";
  const elsewhere = new Map();
  let waiting = 0;

  // Of a version the form says nothing: what was seen outdoors is true whatever was written meanwhile.
  function filled(form) {
    return [...new FormData(form)].filter(function ([name, value]) {
      return !DROPPED.has(name) && !(value instanceof File && !value.name);
    });
  }

  // Photos as they are now. A browser may keep a file by its name alone, and Chromium keeps an empty one, without an error,
  // where a photo was deleted after it was chosen. Fails for a photo that is gone.
  async function whole(values) {
    const copied = async (file) => new File([await file.arrayBuffer()], file.name, { type: file.type });
    return Promise.all(values.map(async ([name, value]) => [name, value instanceof File ? await copied(value) : value]));
  }

  function said(form, words, grave) {
    const line = form.querySelector(".kept") || form.insertBefore(document.createElement("p"), form.firstChild);
    line.className = "kept " + (grave ? "alert" : "said");
    line.setAttribute("role", grave ? "alert" : "status");
    line.textContent = words;
    line.scrollIntoView({ block: "center" });
  }

  function refused(form, told) {
    said(form, "✕ 没有办成：" + [told.plain, ...told.beside].join("；"), true);
    for (const old of form.querySelectorAll(".wrong.by-script")) old.remove();
    for (const [name, words] of Object.entries(told.wrong)) {
      const field = [...form.elements].find((each) => each.name === name || each.name.startsWith(name + ":"));
      const wrong = document.createElement("strong");
      wrong.className = "wrong by-script";
      wrong.textContent = "✕ " + words;
      if (field) { field.closest(".field").append(wrong); field.setAttribute("aria-invalid", "true"); }
    }
  }

  // Where it came to, also when another page or the service worker was quicker to send it; nothing if that is not told.
  function place(key, taken) {
    if (taken.has(key)) return taken.get(key);
    return new Promise(function (resolve) {
      const heard = () => elsewhere.has(key) && resolve(elsewhere.get(key));
      queue.news.addEventListener("message", heard);
      setTimeout(resolve, HEARD);
      heard();
    });
  }

  async function sent(form) {
    const made = { key: crypto.randomUUID(), who: who, at: Date.now(), title: form.dataset.outdoors };
    const values = await whole(filled(form)).catch(() => null);
    if (!values) { said(form, GONE, true); return; }
    const entry = { ...made, action: new URL(form.action).pathname, page: location.pathname, values: values };
    const kept = await queue.add(entry).then(() => true, () => false);
    if (!kept) { await unkept(form, entry); return; }
    if (form.dataset.entry) await queue.drop(form.dataset.entry);
    delete form.dataset.entry;
    said(form, "正在上传……离开这一页也不会丢。", false);
    inBackground();
    const taken = await queue.upload();
    const left = await queue.found(entry.key);
    const at = left ? null : await place(entry.key, taken);
    if (at) { location.assign(at); return; }
    if (left && left.refused) { form.dataset.entry = entry.key; refused(form, left.refused); return; }
    form.reset();
    said(form, left ? (queue.loggedOut(who) ? LOGGED_OUT : NO_NETWORK) : "已经上传。", false);
    if (left) keptFromEviction();
  }

  // The phone is full, or WebKit keeps no photo in a private window: sent now or not at all, and what was filled in stays.
  async function unkept(form, entry) {
    said(form, "正在上传……请不要离开这一页。", false);
    const told = await queue.direct(entry);
    if (told && told.at) location.assign(told.at);
    else if (told) refused(form, told);
    else said(form, NOT_KEPT, true);
  }

  // Firefox asks the person, and answers when she does.
  function keptFromEviction() {
    if (navigator.storage && navigator.storage.persist) navigator.storage.persist().catch(function () {});
  }

  // A browser that can uploads later by itself. In a private window there may be no worker; this page uploads all the same.
  async function inBackground() {
    const registration = await navigator.serviceWorker.getRegistration().catch(function () {});
    if (registration && registration.active && registration.sync) await registration.sync.register("upload").catch(function () {});
  }

  function fill(form, entry) {
    const files = new Map();
    for (const [name, value] of entry.values) {
      if (value instanceof File) { files.set(name, [...(files.get(name) || []), value]); continue; }
      const field = form.elements.namedItem(name);
      if (field && field.type === "checkbox") field.checked = true;
      else if (field) field.value = value;
    }
    for (const [name, chosen] of files) {
      const carried = new DataTransfer();
      for (const file of chosen) carried.items.add(file);
      form.elements.namedItem(name).files = carried.files;
    }
  }

  // The page of an entry that was refused, opened to correct it.
  async function corrected() {
    const entry = location.hash.startsWith("#entry=") && (await queue.found(location.hash.slice(7)));
    if (!entry || entry.who !== who) return;
    const forms = [...document.querySelectorAll("form[data-outdoors]")];
    const form = forms.find((each) => new URL(each.action).pathname === entry.action);
    if (!form) return;
    for (let at = form; at; at = at.parentElement) if (at.localName === "details") at.open = true;
    fill(form, entry);
    form.dataset.entry = entry.key;
    if (entry.refused) refused(form, entry.refused);
  }

  function line(entry) {
    const item = document.getElementById("entry").content.firstElementChild.cloneNode(true);
    item.querySelector("strong").textContent = entry.title;
    item.querySelector("time").textContent = new Date(entry.at).toLocaleString("zh-CN");
    const told = entry.refused ? [entry.refused.plain, ...entry.refused.beside, ...Object.values(entry.refused.wrong)] : [];
    item.querySelector(".why").textContent = told.length ? "✕ " + told.join("；") : queue.loggedOut(who) ? "等您重新登录" : "等网络";
    item.querySelector("a").href = entry.page + "#entry=" + entry.key;
    item.querySelector("a").hidden = !entry.refused;
    item.querySelector("button").addEventListener("click", function () {
      if (confirm("删除“" + entry.title + "”？没有上传的内容就没有了。")) queue.drop(entry.key).then(shown);
    });
    return item;
  }

  async function shown() {
    const entries = await queue.of(who), list = document.getElementById("entries");
    waiting = entries.length;
    mark.hidden = !waiting;
    mark.textContent = "未上传 " + waiting;
    if (list) { list.replaceChildren(...entries.map(line)); list.parentElement.hidden = !waiting; }
  }

  async function tried() {
    if (waiting) await queue.upload();
    await shown();
  }

  // Fetches pass the service worker only once it controls this page. A page that was still loading when the worker
  // began was missed by it, and asks to be taken.
  async function controlled() {
    const workers = navigator.serviceWorker, registration = await workers.ready;
    if (workers.controller) return;
    await new Promise(function (resolve) {
      workers.addEventListener("controllerchange", resolve, { once: true });
      registration.active.postMessage("claim");
    });
  }

  // This list and what it names can be opened without a network from now on.
  async function prepared() {
    const told = document.getElementById("prepared");
    if (!told) return;
    await controlled();
    const links = [...document.querySelectorAll("a[data-keep]")].map((each) => each.href);
    try {
      for (const address of [location.pathname, ...links]) await fetch(address);
      told.hidden = !navigator.onLine;
    } catch (error) {
      if (error.name !== "TypeError") throw error;
    }
  }

  document.addEventListener("submit", function (event) {
    const form = event.target;
    if (new URL(form.action).pathname === "/logout" && waiting) {
      const words = "还有 " + waiting + " 条没有上传。退出后，要您本人在这部手机上再登录，才会上传。仍要退出？";
      if (!confirm(words)) event.preventDefault();
    } else if (form.dataset.outdoors) {
      event.preventDefault();
      sent(form).then(shown);
    }
  });
  window.addEventListener("online", tried);
  queue.news.addEventListener("message", function (event) {
    if (event.data.at) elsewhere.set(event.data.key, event.data.at);
    shown();
  });
  setInterval(tried, EVERY);
  navigator.serviceWorker.register("/sw.js").then(prepared, function () {});
  shown().then(tried).then(corrected);
})();
