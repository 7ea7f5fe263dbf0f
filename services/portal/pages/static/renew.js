// Draws the page anew every so many seconds without moving it; says so where that cannot be done.
(function () {
  "use strict";
  const every = Number(document.currentScript.dataset.seconds) * 1000;

  async function renew() {
    const answer = await fetch(location.href, { redirect: "error" });
    if (!answer.ok) throw new Error(String(answer.status));
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    document.querySelector("main").replaceChildren(...fresh.querySelector("main").childNodes);
  }

  setInterval(function () {
    renew().catch(function () { document.getElementById("lost").hidden = false; });
  }, every);
})();
