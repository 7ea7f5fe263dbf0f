// Keeps the pages that may be opened without a network, for one account at a time, and sends what waits.
"use strict";
importScripts("/static/queue.js");
const SHELL = "shell", PAGES = "pages-", WITHOUT = "/outdoors/without";
const ALWAYS = ["/static/shaodao.css", "/static/queue.js", "/static/offline.js", "/static/mark.svg", WITHOUT];

async function forget(except) {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith(PAGES) && name !== except).map((name) => caches.delete(name)));
}

// The server names whose page it is, and says so only of pages that may be kept.
async function remember(address, answer) {
  const mine = PAGES + answer.headers.get("X-Outdoors");
  await forget(mine);
  await (await caches.open(mine)).put(address, answer);
}

async function page(request) {
  const address = new URL(request.url).pathname;
  try {
    const answer = await fetch(request);
    if (answer.ok && !answer.redirected && answer.headers.has("X-Outdoors")) await remember(address, answer.clone());
    return answer;
  } catch (error) {
    return (await caches.match(address, { ignoreVary: true })) || (await caches.match(WITHOUT)) || Response.error();
  }
}

async function asset(request) {
  try {
    const answer = await fetch(request);
    if (answer.ok) await (await caches.open(SHELL)).put(new URL(request.url).pathname, answer.clone());
    return answer;
  } catch (error) {
    return (await caches.match(new URL(request.url).pathname)) || Response.error();
  }
}

self.addEventListener("install", function (event) {
  self.skipWaiting();
  event.waitUntil(caches.open(SHELL).then((shell) => shell.addAll(ALWAYS)));
});
self.addEventListener("activate", function (event) { event.waitUntil(self.clients.claim()); });
self.addEventListener("message", function (event) { event.waitUntil(self.clients.claim()); });
self.addEventListener("sync", function (event) { event.waitUntil(self.queue.upload()); });
self.addEventListener("fetch", function (event) {
  const request = event.request, url = new URL(request.url);
  if (url.origin !== self.location.origin) return;
  if (request.method === "POST" && url.pathname === "/logout") event.waitUntil(forget());
  if (request.method !== "GET" || url.pathname.startsWith("/api/") || url.pathname === "/outdoors/session") return;
  event.respondWith(url.pathname.startsWith("/static/") ? asset(request) : page(request));
});
