// Moves through the rows of a list by keyboard: j and k go, Enter opens, x ticks. Without it, Tab does the same.
(function () {
  "use strict";
  const links = Array.from(document.querySelectorAll(".row a"));
  if (!links.length) return;
  for (const hint of document.querySelectorAll(".keys")) hint.hidden = false;

  function typing(target) {
    return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) && target.type !== "checkbox";
  }

  function go(step) {
    const row = document.activeElement.closest(".row");
    const at = row ? links.indexOf(row.querySelector("a")) : -1;
    const next = at < 0 ? (step > 0 ? 0 : links.length - 1) : Math.min(Math.max(at + step, 0), links.length - 1);
    links[next].focus();
    links[next].scrollIntoView({ block: "nearest" });
  }

  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.altKey || event.metaKey || typing(event.target)) return;
    if (event.key === "j") go(1);
    else if (event.key === "k") go(-1);
    else if (event.key === "x") {
      const row = document.activeElement.closest(".row");
      const tick = row && row.querySelector(".pick input");
      if (tick) tick.click();
    } else return;
    event.preventDefault();
  });
})();
