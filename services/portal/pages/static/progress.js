// Moves the bar of an import and draws the page anew when it is over. Without it the page is the same, only not live.
(function () {
  "use strict";
  const bar = document.getElementById("progress");
  if (!bar) return;
  const begun = bar.dataset.of, told = document.getElementById("imported");
  let state = null;

  async function look() {
    const answer = await fetch(begun, { headers: { Accept: "application/json" } });
    if (!answer.ok) return;
    const found = await answer.json();
    state = state || found.state;
    if (found.state !== state) { location.reload(); return; }
    bar.max = found.imported + found.good || 1;
    bar.value = found.imported;
    if (told) told.textContent = String(found.imported);
  }

  setInterval(function () { look().catch(function () {}); }, 1000);
})();
