// Reads codes with the camera on the look-up page. Nothing is fetched and no camera asked for before the tap; without
// this script the page takes typed codes and photographs as always.
"use strict";
(() => {
  const part = document.getElementById("scan");
  if (!part) return;
  const view = part.querySelector("video");
  const start = part.querySelector("[data-start]");
  const stop = part.querySelector("[data-stop]");
  const frame = part.querySelector("[data-view]");
  const betweenLooks = 120; // ms
  const adviceAfter = 12000;
  const longEdge = 1280;
  const nativeFormats = ["qr_code", "data_matrix", "ean_13", "ean_8", "upc_a", "upc_e", "code_128", "itf"];
  const wasmFormats = ["QRCode", "DataMatrix", "EAN13", "EAN8", "UPCA", "UPCE", "Code128", "ITF14", "DataBar",
    "DataBarLtd", "DataBarExp"];
  const surelyRight = ["qr_code", "data_matrix", "QRCode", "DataMatrix"]; // linear ones are read twice

  let running = 0; // counts the scans, so that what belongs to an earlier one ends by itself
  let stream = null;
  let reader = null;

  const say = (what) => {
    for (const line of part.querySelectorAll("[data-say]")) line.hidden = line.dataset.say !== what;
  };

  const halt = () => {
    running += 1;
    if (stream) for (const track of stream.getTracks()) track.stop();
    stream = null;
    view.srcObject = null;
    frame.hidden = true;
    start.hidden = false;
  };

  /** The browser's own reader; null where it has none for all our kinds. */
  const nativeReader = async () => {
    if (!("BarcodeDetector" in window)) return null;
    try {
      const known = await window.BarcodeDetector.getSupportedFormats();
      if (!nativeFormats.every((format) => known.includes(format))) return null;
      const detector = new window.BarcodeDetector({formats: nativeFormats});
      return async () => (await detector.detect(view)).map((code) => ({kind: code.format, text: code.rawValue}));
    } catch {
      return null;
    }
  };

  const addScript = (url) => new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = url;
    script.onload = resolve;
    script.onerror = () => reject(new Error("script"));
    document.head.append(script);
  });

  /** ZXing in WebAssembly, from our own address. */
  const wasmReader = async () => {
    await addScript(part.dataset.reader);
    await window.ZXingWASM.prepareZXingModule({
      overrides: {locateFile: () => part.dataset.wasm},
      fireImmediately: true,
    });
    const canvas = document.createElement("canvas");
    const paper = canvas.getContext("2d", {willReadFrequently: true});
    return async () => {
      const scale = Math.min(1, longEdge / Math.max(view.videoWidth, view.videoHeight));
      canvas.width = Math.round(view.videoWidth * scale);
      canvas.height = Math.round(view.videoHeight * scale);
      paper.drawImage(view, 0, 0, canvas.width, canvas.height);
      const codes = await window.ZXingWASM.readBarcodes(paper.getImageData(0, 0, canvas.width, canvas.height),
        {formats: wasmFormats, textMode: "Plain", tryHarder: true, maxNumberOfSymbols: 4});
      return codes.filter((code) => code.isValid)
        .map((code) => ({kind: code.format, text: code.symbologyIdentifier + code.text}));
    };
  };

  const sayWhyNoCamera = (error) => {
    const why = {NotAllowedError: "refused", SecurityError: "refused", NotFoundError: "no_camera",
      OverconstrainedError: "no_camera"};
    say(why[error.name] || "camera_fails");
  };

  const openCamera = async (turn) => {
    const opened = await navigator.mediaDevices.getUserMedia(
      {audio: false, video: {facingMode: "environment", width: {ideal: 1920}, height: {ideal: 1080}}});
    if (turn !== running) {
      for (const track of opened.getTracks()) track.stop();
      return false;
    }
    stream = opened;
    view.srcObject = opened;
    await view.play();
    return true;
  };

  const lookUp = (text) => {
    const address = new URL("/check", location.href);
    const language = new URLSearchParams(location.search).get("lang");
    if (language) address.searchParams.set("lang", language);
    address.searchParams.set("code", text);
    location.assign(address);
  };

  const look = async (turn) => {
    const began = Date.now();
    let former = "";
    while (turn === running) {
      if (view.videoWidth > 0) {
        const codes = await reader();
        if (turn !== running) return;
        const code = codes.find((one) => surelyRight.includes(one.kind) || one.text === former);
        if (code) {
          halt();
          say("found");
          lookUp(code.text);
          return;
        }
        former = codes.length > 0 ? codes[0].text : "";
      }
      if (Date.now() - began > adviceAfter) say("nothing");
      await new Promise((resolve) => setTimeout(resolve, betweenLooks));
    }
  };

  const scan = async () => {
    if (!window.isSecureContext || !navigator.mediaDevices) return say("insecure");
    running += 1;
    const turn = running;
    start.hidden = true;
    say("starting");
    try {
      if (!(await openCamera(turn))) return;
    } catch (error) {
      if (turn !== running) return;
      halt();
      return sayWhyNoCamera(error);
    }
    try {
      frame.hidden = false;
      reader = reader || (await nativeReader()) || (await wasmReader());
      if (turn !== running) return;
      say("looking");
      await look(turn);
    } catch {
      if (turn !== running) return;
      reader = null;
      halt();
      say("reader_fails");
    }
  };

  start.addEventListener("click", scan);
  stop.addEventListener("click", () => {
    halt();
    say("");
    start.focus();
  });
  // A camera that nobody looks through is off.
  const leave = () => {
    if (!stream && start.hidden === false) return;
    halt();
    say("");
  };
  document.addEventListener("visibilitychange", () => document.hidden && leave());
  window.addEventListener("pagehide", leave);
  window.addEventListener("pageshow", (event) => event.persisted && say("")); // back from what was found
  part.hidden = false;
})();
