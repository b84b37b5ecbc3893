// Small helpers; every page works without them.
"use strict";
(() => {
  const typing = (el) => el.closest("input, textarea, select, [contenteditable]") !== null;
  const store = { get: () => localStorage.getItem("shortcuts") !== "off", set: (on) => localStorage.setItem("shortcuts", on ? "on" : "off") };
  const byId = (id) => document.getElementById(id);
  let prefix = "";

  // Shortcuts: any link or button with data-shortcut="n" or "g q"; j and k walk [data-row].
  const shortcutTargets = () => [...document.querySelectorAll("[data-shortcut]")].filter((el) => !el.closest("[hidden]"));

  function onKey(event) {
    if (event.key === "Escape") closeMenus(null);
    if (event.ctrlKey && event.key === "Enter") return submitAndNext(event);
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || document.querySelector("dialog[open]")) return;
    if (!store.get()) return;
    if (event.key === "?") return openShortcuts();
    if (event.key === "j" || event.key === "k") return walkRows(event.key === "j" ? 1 : -1);
    press(event);
  }

  function press(event) {
    const wanted = prefix ? `${prefix} ${event.key}` : event.key;
    const target = shortcutTargets().find((el) => el.dataset.shortcut === wanted);
    prefix = !target && !prefix && shortcutTargets().some((el) => el.dataset.shortcut.startsWith(`${event.key} `)) ? event.key : "";
    if (!target) return;
    event.preventDefault();
    if (typing(target)) target.focus(); else target.click();
  }

  function submitAndNext(event) {
    const form = event.target.closest("form[data-ctrl-enter]");
    if (form) form.requestSubmit();
  }

  function walkRows(step) {
    const rows = [...document.querySelectorAll("[data-row]")];
    const here = rows.findIndex((row) => row.contains(document.activeElement));
    const row = rows[Math.max(0, Math.min(rows.length - 1, here + step))];
    if (row) (row.querySelector("a, button") || row).focus();
  }

  function openShortcuts() {
    const rows = byId("shortcuts").querySelector("[data-shortcut-rows]");
    rows.replaceChildren(...pair("?", "This list"), ...pair("j  k", "Next and previous row"),
      ...shortcutTargets().flatMap((el) => pair(el.dataset.shortcut, el.dataset.shortcutLabel || el.getAttribute("aria-label") || labelOf(el))));
    closeMenus(null);
    byId("shortcuts").showModal();
  }

  function labelOf(el) {
    const copy = el.cloneNode(true);
    copy.querySelectorAll(".key").forEach((key) => key.remove());
    return copy.textContent.trim();
  }

  function pair(key, label) {
    const dt = document.createElement("dt"), dd = document.createElement("dd"), kbd = document.createElement("kbd");
    kbd.className = "key";
    kbd.textContent = key;
    dt.append(kbd);
    dd.textContent = label;
    return [dt, dd];
  }

  function bindShortcutSwitch() {
    const box = document.querySelector("[data-shortcut-switch]");
    if (!box) return;
    const show = () => document.documentElement.classList.toggle("no-shortcuts", !store.get());
    box.checked = store.get();
    box.addEventListener("change", () => { store.set(box.checked); show(); });
    document.querySelector("[data-open-shortcuts]")?.addEventListener("click", openShortcuts);
    show();
  }

  function closeMenus(except) {
    document.querySelectorAll("details.menu[open]").forEach((menu) => { if (menu !== except) menu.open = false; });
  }

  const inBackground = (event) => Boolean(event.detail.requestConfig?.headers["X-Background"]);

  // After a swap, focus what the server marked, else keep focus from falling back to the top of the page.
  function afterSwap(event) {
    if (inBackground(event)) return;
    const marked = event.target.querySelector("[data-autofocus]");
    if (marked) marked.focus();
    else if (document.activeElement === document.body && event.target.isConnected) {
      event.target.setAttribute("tabindex", "-1");
      event.target.focus({ preventScroll: true });
    }
  }

  // Idle session: warn a minute before the end at the latest, and offer to stay.
  function watchIdle() {
    const { idleSeconds, keepaliveUrl } = document.body.dataset;
    const seconds = Number(idleSeconds);
    if (!seconds || !keepaliveUrl) return;
    const box = byId("idle-warning");
    let timers = [];
    const restart = () => {
      timers.forEach(clearTimeout);
      box.hidden = true;
      timers = [setTimeout(() => warn(box), Math.max(seconds - 120, seconds / 2) * 1000), setTimeout(() => location.reload(), (seconds + 2) * 1000)];
    };
    box.querySelector("[data-stay]").addEventListener("click", async () => {
      const answer = await fetch(keepaliveUrl, { method: "POST", headers: JSON.parse(document.body.getAttribute("hx-headers")) });
      if (answer.ok && !answer.redirected) restart(); else location.reload();
    });
    document.addEventListener("htmx:afterRequest", (event) => { if (!inBackground(event)) restart(); });
    restart();
  }

  function warn(box) {
    box.hidden = false;
    box.querySelector("[data-stay]").focus();
  }

  document.addEventListener("keydown", onKey);
  document.addEventListener("click", (event) => closeMenus(event.target.closest("details.menu")));
  document.addEventListener("htmx:afterSwap", afterSwap);
  document.addEventListener("announce", (event) => { byId("live").textContent = event.detail.value || ""; });
  bindShortcutSwitch();
  watchIdle();
  document.querySelector(".error-summary[data-autofocus]")?.focus();
})();
