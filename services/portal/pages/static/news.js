// Says how many things on the desk have news since it was drawn. Nothing on the page moves before it is asked for.
(function () {
  "use strict";
  const news = document.getElementById("news");
  if (!news || !window.EventSource) return;

  function told(count) {
    const link = document.createElement("a");
    link.href = location.pathname + location.search;
    link.textContent = "刷新";
    news.replaceChildren("有 " + count + " 件新的。", link);
    news.hidden = count === 0;
  }

  function open() {
    const stream = new EventSource(news.dataset.stream + "?after=" + news.dataset.last);
    stream.addEventListener("news", function (event) { told(JSON.parse(event.data).count); });
    stream.addEventListener("bye", function () {
      stream.close();
      open();
    });
    window.addEventListener("pagehide", function () { stream.close(); }, { once: true });
  }

  open();
})();
