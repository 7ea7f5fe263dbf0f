// Reads the page aloud, part by part, where the browser has a voice for Chinese. Without one the button stays hidden.
(function () {
  "use strict";
  const button = document.getElementById("read");
  const speech = window.speechSynthesis;
  if (!button || !speech || !window.SpeechSynthesisUtterance) return;
  const PARTS = "h1, h2, h3, p, li, dt, dd, th, td, label, legend, summary";
  let reading = false;

  function voice() {
    return speech.getVoices().find(function (each) { return /^zh\b|^cmn\b/i.test(each.lang); });
  }

  function offer() {
    button.hidden = !voice();
  }

  function parts() {
    const found = Array.from(document.querySelectorAll("main :is(" + PARTS + ")"));
    return found
      .filter(function (each) { return each.checkVisibility() && !each.querySelector(PARTS); })
      .map(function (each) { return each.innerText.trim(); })
      .filter(Boolean);
  }

  function told(now) {
    reading = now;
    button.setAttribute("aria-pressed", String(now));
    button.textContent = now ? "停止朗读" : "读给我听";
  }

  function read() {
    const words = parts();
    told(words.length > 0);
    words.forEach(function (text, place) {
      const said = new SpeechSynthesisUtterance(text);
      said.voice = voice();
      said.lang = "zh-CN";
      if (place === words.length - 1) said.onend = function () { told(false); };
      speech.speak(said);
    });
  }

  button.addEventListener("click", function () {
    const going = reading;
    speech.cancel();
    told(false);
    if (!going) read();
  });
  window.addEventListener("pagehide", function () { speech.cancel(); });
  speech.addEventListener("voiceschanged", offer);
  offer();
})();
