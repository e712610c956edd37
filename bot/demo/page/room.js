// The conversation's side of the demo: stay at the newest message, and type what the page asks for.

const list = document.getElementById("channel-message-list");
const timeline = document.getElementById("channel-timeline");

// Stay at the newest message: when one comes, and while it grows, unless someone scrolled up.
let newest = "";
let following = true;
let moved = 0; // when someone last moved the conversation, which a card that grows does as well
let shown = null; // a button to keep in sight while the rest is still drawn
const down = () => {
  if (shown) look();
  else if (following) timeline.scrollTop = timeline.scrollHeight;
};
const move = () => { moved = performance.now(); shown = null; };
for (const kind of ["wheel", "touchmove"]) timeline.addEventListener(kind, move, { passive: true });
timeline.addEventListener("pointerdown", (event) => { if (event.target === timeline) move(); });
window.addEventListener("keydown", (event) => {
  if (["PageUp", "ArrowUp", "Home"].includes(event.key)) move();
});
timeline.addEventListener("scroll", () => {
  const near = timeline.scrollHeight - timeline.scrollTop - timeline.clientHeight < 120;
  following = near || (following && performance.now() - moved > 700);
});
new ResizeObserver(down).observe(list);
new MutationObserver(() => {
  const id = list.lastElementChild?.dataset.messageId || "";
  if (!id || id === newest) return;
  if (newest) shown = null;
  newest = id;
  following = true;
  for (const delay of [0, 60, 250, 700]) setTimeout(down, delay); // pictures and fonts arrive late
}).observe(list, { childList: true });

/** The line one writes in; simcord replaces the element while a command is being put together. */
const line = () => document.querySelector("#channel-composer .composer-row :is(textarea, [contenteditable])");

function type(text) {
  const input = line();
  if (!input) return;
  input.focus();
  if (!("value" in input)) {
    getSelection().selectAllChildren(input);
    document.execCommand("insertText", false, text);
    return;
  }
  input.value = text;
  input.setSelectionRange(text.length, text.length);
  input.dispatchEvent(new InputEvent("input", { bubbles: true, inputType: "insertText", data: text }));
}

/** Bring the newest button of this name into the middle, and let the eye find it. */
function point(label, focus) {
  shown = label;
  const button = look();
  if (focus) button?.focus({ preventScroll: true });
  for (const delay of [250, 1000]) setTimeout(down, delay);
  setTimeout(() => { shown = null; }, 3000);
}

function look() {
  const button = [...list.querySelectorAll("button")].filter((one) => one.textContent.trim() === shown).pop();
  if (!button) return null;
  following = false;
  button.scrollIntoView({ block: "center" });
  if (!button.classList.contains("demo-here")) setTimeout(() => button.classList.remove("demo-here"), 6000);
  button.classList.add("demo-here");
  return button;
}

window.addEventListener("message", (event) => {
  if (event.origin !== location.origin) return;
  if (event.data?.demo === "type") type(event.data.text);
  if (event.data?.demo === "point") point(event.data.label, event.data.focus);
});

// A button for the commands: on a phone "/" hides behind two layers of keyboard.
const slash = Object.assign(document.createElement("button"), { type: "button", id: "demo-slash", textContent: "/", title: "Commands" });
slash.setAttribute("aria-label", "Show the commands");
slash.addEventListener("click", () => type("/"));
document.querySelector("#channel-composer .composer-row").prepend(slash);

// Escape at rest gives the keyboard back to the page around.
window.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !event.defaultPrevented && !document.querySelector("[role=dialog], [role=listbox]")) {
    parent.postMessage({ demo: "leave" }, location.origin);
  }
});

window.demoReady = true;
