// Fills in where the browser is, once its owner agreed. Without it, or without consent, the place is chosen from the list.
(function () {
  "use strict";
  const form = document.getElementById("here");
  if (!form || !navigator.geolocation) return;
  form.hidden = false;
  form.addEventListener("submit", function (event) {
    if (form.elements.lat.value) return;
    event.preventDefault();
    navigator.geolocation.getCurrentPosition(function (found) {
      form.elements.lat.value = String(found.coords.latitude);
      form.elements.lon.value = String(found.coords.longitude);
      form.submit();
    }, function () { form.hidden = true; }, { enableHighAccuracy: true, timeout: 10000 });
  });
})();
