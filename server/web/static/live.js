// Puts newer figures into the page while it is open: texts by name, from /province/sync/live. Without it the page is as
// complete as when it was sent.
"use strict";
(() => {
  const tones = ["good", "warn", "bad", "info"];
  const again = 30000; // after an answer that was no stream
  let source = null;

  const put = (texts) => {
    for (const place of document.querySelectorAll("[data-live]")) {
      const text = texts[place.dataset.live];
      if (typeof text !== "string") continue;
      if (place.textContent !== text) place.textContent = text;
      const row = place.closest("[data-live-row]");
      if (row) row.hidden = text === "";
    }
    for (const place of document.querySelectorAll("[data-live-tone]")) {
      const tone = texts[place.dataset.liveTone];
      if (tones.includes(tone)) {
        place.classList.remove(...tones);
        place.classList.add(tone);
      }
    }
  };

  const listen = () => {
    if (source || document.hidden) return;
    // A page that was asked for in another language than the reader's stays in it.
    source = new EventSource(`/province/sync/live?lang=${encodeURIComponent(document.documentElement.lang)}`);
    source.onmessage = (event) => put(JSON.parse(event.data));
    source.onerror = () => {
      if (source && source.readyState === EventSource.CLOSED) {
        source = null;
        setTimeout(listen, again);
      }
    };
  };

  // A page that nobody sees takes no place on the server.
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) return listen();
    if (source) source.close();
    source = null;
  });
  listen();
})();
