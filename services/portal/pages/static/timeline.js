// Keeps the open timeline of a case up to date. Without it the page is the same, only not live.
(function () {
  "use strict";
  const list = document.getElementById("timeline");
  if (!list || !window.EventSource) return;
  const newest = document.getElementById("fresh");
  const line = document.getElementById("line").content.firstElementChild;
  const news = document.getElementById("news");
  let last = Number(list.dataset.last) || 0;
  let fresh = 0;

  function shown(entry) {
    const item = line.cloneNode(true);
    item.dataset.id = entry.id;
    item.classList.add("from-" + entry.source);
    const time = item.querySelector("time");
    time.dateTime = entry.time;
    time.textContent = entry.when;
    item.querySelector("strong").textContent = entry.label;
    item.querySelector(".text").textContent = entry.text;
    item.querySelector(".who").textContent = entry.actor.name;
    return item;
  }

  function place(item) {
    newest.hidden = false;
    newest.prepend(item);
  }

  function tell() {
    fresh += 1;
    news.replaceChildren("有 " + fresh + " 条新进展，状态和按钮可能已经变了。");
    const link = document.createElement("a");
    link.href = location.pathname;
    link.textContent = "刷新";
    news.append(link);
    news.hidden = false;
  }

  function open() {
    const stream = new EventSource(list.dataset.stream + "?after=" + last);
    stream.addEventListener("entry", function (event) {
      const entry = JSON.parse(event.data);
      last = Math.max(last, entry.seq);
      if (list.querySelector('[data-id="' + CSS.escape(entry.id) + '"]')) return;
      place(shown(entry));
      tell();
    });
    stream.addEventListener("bye", function () {
      stream.close();
      open();
    });
    window.addEventListener("pagehide", function () { stream.close(); }, { once: true });
  }

  open();
})();
