// The seat's screen: what rings is said, shown and heard within a second. Without it the page draws itself anew.
(function () {
  "use strict";
  const seat = document.getElementById("seat");
  if (!seat || !window.fetch) return;
  const ASK_MS = 250, DRAW_MS = 5000, LOST_MS = 5000, TONE_SECONDS = 0.35;
  const calls = document.getElementById("calls");
  const bell = document.getElementById("bell");
  const lost = document.getElementById("lost");
  const title = document.title;
  let ringing = [], known = "", heard = Date.now(), drawn = Date.now(), sound = null;

  function words(call) {
    const at = new Date(call.raised_at).toLocaleTimeString("zh-CN", { timeZone: "Asia/Shanghai", hour12: false });
    const often = call.presses > 1 ? "　按了" + call.presses + "次" : "";
    return "正在响：" + call.masked_name + "　" + (call.place_text || "") + "　" + at + often;
  }

  function line(call) {
    const item = document.createElement("li");
    const link = document.createElement("a");
    link.href = "/cases/" + call.number;
    link.className = "button main";
    link.dataset.number = call.number;
    link.textContent = words(call);
    item.append(link);
    return item;
  }

  function busy() {
    const at = document.activeElement;
    return at && at !== document.body && (at.matches("input, textarea, select") || calls.contains(at));
  }

  function show(found) {
    const told = JSON.stringify(found.map(function (call) { return [call.number, call.presses]; }));
    if (told === known) return;
    const focused = document.activeElement && document.activeElement.dataset.number;
    const fresh = found.some(function (call) { return !ringing.includes(call.number); });
    known = told;
    ringing = found.map(function (call) { return call.number; });
    const lines = found.map(line);
    calls.replaceChildren(...lines);
    const same = focused && calls.querySelector('[data-number="' + CSS.escape(focused) + '"]');
    if (same) same.focus();
    else if (fresh && !busy()) lines[0].firstChild.focus();
    document.title = found.length ? "【" + found.length + " 个在响】" + title : title;
    draw();
  }

  function draw() {
    drawn = Date.now();
    fetch(location.href, { credentials: "same-origin" }).then(function (answer) {
      return answer.ok ? answer.text() : "";
    }).then(function (page) {
      const list = page && new DOMParser().parseFromString(page, "text/html").querySelector("ul.tasks");
      const old = document.querySelector("ul.tasks");
      if (list && !old.contains(document.activeElement)) old.replaceWith(list);
    }).catch(function () {});
  }

  function ask() {
    fetch(seat.dataset.ask, { credentials: "same-origin", headers: { Accept: "application/json" } }).then(
      function (answer) {
        if (answer.status === 401) location.reload();
        if (!answer.ok) throw new Error(answer.status);
        return answer.json();
      }
    ).then(function (found) {
      heard = Date.now();
      show(found.items);
    }).catch(function () {}).finally(function () {
      lost.hidden = Date.now() - heard < LOST_MS;
      if (Date.now() - drawn > DRAW_MS) draw();
      window.setTimeout(ask, ASK_MS);
    });
  }

  function tone(pitch, from) {
    const voice = sound.createOscillator(), loud = sound.createGain();
    voice.frequency.value = pitch;
    loud.gain.value = 0.4;
    voice.connect(loud).connect(sound.destination);
    voice.start(from);
    voice.stop(from + TONE_SECONDS);
  }

  function ring() {
    const on = sound && sound.state === "running";
    bell.textContent = on ? "铃声已打开" : "打开铃声";
    bell.setAttribute("aria-pressed", on ? "true" : "false");
    seat.classList.toggle("ringing", ringing.length > 0);
    seat.dataset.rings = String(on && ringing.length > 0);
    if (!on) return;
    if (ringing.length) {
      tone(880, sound.currentTime);
      tone(660, sound.currentTime + TONE_SECONDS);
    } else if (!lost.hidden) tone(220, sound.currentTime);
  }

  function wake() {
    if (!window.AudioContext) return;
    sound = sound || new AudioContext();
    if (sound.state !== "running") sound.resume().then(ring).catch(function () {});
  }

  // browsers let a page sound only after somebody has touched it: any key or tap does
  ["pointerdown", "keydown"].forEach(function (kind) { document.addEventListener(kind, wake); });
  wake();
  bell.hidden = false;
  window.setInterval(ring, 1000);
  ask();
})();
