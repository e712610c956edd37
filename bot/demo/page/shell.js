// The page around the conversation: who you are, where you look, what time it is.

const $ = (id) => document.getElementById(id);
const key = document.querySelector("meta[name=demo-key]").content;
const tab = (sessionStorage.tab ||= crypto.randomUUID?.() ?? String(Math.random()));

/** What to try, in order; each step can take the visitor there. */
const STEPS = [
  { title: "Join.", words: "You are Amara, a new intern. Press Join on the card: three taps, and nothing is sent before.", as: "amara", place: "introductions", press: "Join" },
  { title: "Meet somebody.", words: "/intro join takes you in. Suman waits too: the next draw brings you together.", as: "amara", type: "/intro join" },
  { title: "Ask for feedback.", words: "Pick /feedback ask and somebody who has joined, Jonas for one. You see everything before it is sent.", as: "amara", type: "/feedback ask" },
  { title: "Be the one who is asked.", words: "Jonas finds it on his /me: answer it, put it off, or pass without anybody being told.", as: "jonas", place: "dm", type: "/me" },
  { title: "Say thank you.", words: "/kudos give: whoever you thank reads it first, and decides whether others do.", as: "amara", type: "/kudos give" },
  { title: "Say how it is going.", words: "Press Answer on the card: nobody can tell that it was you, the bot included.", as: "amara", place: "announcements", press: "Answer" },
  { title: "Ask for a mentor.", words: "/mentor request asks what for. Daniel and Ines have offered their time.", as: "amara", type: "/mentor request" },
  { title: "Be the moderator.", words: "Mia draws who gets which mentor, looks through it, and approves. Nobody is told before.", as: "mia", place: "staff", type: "/cohort mentor match" },
  { title: "Read the week.", words: "One message a week to everybody: what is worth doing, what went well, what is new. My own week shows yours.", as: "amara", place: "announcements" },
  { title: "See the next one before it goes out.", words: "Mia adds a note, leaves a section out, skips a week or sends it now. It also comes to #staff a day ahead.", as: "mia", place: "staff", type: "/cohort digest preview" },
  { title: "Add a goal.", words: "Be Amara again. Pick /goal add, press the arrow on the right, fill in one line.", as: "amara", type: "/goal add" },
  { title: "Keep what you did.", words: "/journal add: one line is enough, a number makes it strong. Only you read it.", as: "amara", type: "/journal add" },
  { title: "Be reminded.", words: "/remind me in your own words: tomorrow 9am, every friday at 15:00. I read it back before it is saved.", as: "amara", type: "/remind me" },
  { title: "Jump ahead.", words: "The clock stops at the next thing due: your reminder, your introduction, the first card of your phase, your check-in on Monday at 09:00.", to: "next" },
  { title: "Answer your check-in.", words: "It came the way you chose. One field is enough.", as: "amara", place: "dm" },
  { title: "See your week.", words: "/me shows what to do now: whom you meet, what you heard, your goals.", as: "amara", type: "/me" },
  { title: "See what comes by itself.", words: "Luiza wants everything: a card for her first phase, a challenge, a reminder. Press Done, Make it a goal or Remind me.", as: "luiza", place: "dm" },
  { title: "Take your record along.", words: "Luiza keeps a journal. /me, then Get my record: a PDF with drafts for her résumé; the buttons below it give the other forms.", as: "luiza", place: "dm", type: "/me" },
  { title: "See what a moderator sees.", words: "How many met, asked and answered; never what anybody wrote.", as: "mia", place: "staff", type: "/cohort status" },
  { title: "Look at the next round.", words: "Who would meet whom, and why: draw again, keep two apart, or leave somebody out.", as: "mia", place: "staff", type: "/cohort intro run" },
  { title: "Be far away.", words: "Tilly lives on Lord Howe Island: her Monday 09:00 is another moment than yours.", as: "tilly", place: "dm" },
];

const state = {
  as: new URLSearchParams(location.search).get("as") || sessionStorage.as || "amara",
  place: null, people: [], places: [], offset: 0, due: null, entering: 0, step: Number(sessionStorage.step || 0),
};

// -- asking the server ---------------------------------------------------------------------------

async function ask(path, body) {
  const answer = await fetch(`/demo/do/${path}`, {
    method: body ? "POST" : "GET",
    headers: { "X-Demo-Key": key, ...(body && { "Content-Type": "application/json" }) },
    ...(body && { body: JSON.stringify(body) }),
  });
  if (!answer.ok) throw new Error((await answer.text()) || "The demo does not answer.");
  return answer.json();
}

let polling = null;
function poll() {
  polling ??= look().catch(() => { $("time").textContent = "The demo has stopped."; $("city").textContent = ""; })
    .finally(() => { polling = null; });
  return polling;
}

async function look() {
  const as = state.as;
  const world = await ask(`world?tab=${tab}&as=${as}`);
  if (as !== state.as) return;
  Object.assign(state, { people: world.people, places: world.places, due: world.due });
  state.offset = world.now * 1000 - Date.now();
  $("server").textContent = world.server;
  if (!me()) return be(world.people[0].key);
  showPeople();
  showPlaces();
  showTime();
  if (!state.entering && (!state.place || !world.places.some((one) => one.id === state.place))) {
    await enter((named("introductions") || world.places[0]).id);
    if (state.step === 0 && !$("guide").hidden && state.as === STEPS[0].as) point(STEPS[0].press, false);
  } else if (!state.entering && world.place !== state.place) {
    await enter(state.place);
  }
}

const me = () => state.people.find((one) => one.key === state.as);
const named = (name) => state.places.find((one) => (name === "dm" ? one.kind === "dm" : one.name === name));

// -- time ----------------------------------------------------------------------------------------

const formats = new Map();
function format(zone, style) {
  const name = `${zone} ${style}`;
  if (!formats.has(name)) {
    const parts = {
      long: { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" },
      short: { weekday: "short", hour: "2-digit", minute: "2-digit" },
    }[style];
    formats.set(name, new Intl.DateTimeFormat("en-GB", { ...parts, timeZone: zone, hourCycle: "h23" }));
  }
  return formats.get(name);
}

function showTime() {
  const person = me();
  if (!person) return;
  const now = new Date(Date.now() + state.offset);
  $("time").textContent = format(person.zone, "long").format(now);
  $("city").textContent = `in ${person.city}`;
  const due = state.due * 1000;
  const style = due - now > 6 * 86400e3 ? "long" : "short";
  $("due").textContent = state.due ? format(person.zone, style).format(new Date(due)) : "";
  for (const item of document.querySelectorAll("#crowd time")) {
    item.textContent = format(item.dataset.zone, "short").format(now);
  }
}

async function travel(button) {
  const pressed = document.activeElement;
  const busy = [...document.querySelectorAll("header .travel button, #step-go")];
  for (const one of busy) one.disabled = true;
  document.body.setAttribute("aria-busy", "true");
  try {
    const told = await ask("travel", button.to ? { to: button.to } : { seconds: button.seconds });
    state.offset = told.now * 1000 - Date.now();
    tell(told);
  } catch (problem) {
    say("That did not work", problem.message);
  }
  for (const one of busy) one.disabled = false;
  document.body.removeAttribute("aria-busy");
  (pressed?.isConnected ? pressed : $("next")).focus?.({ preventScroll: true });
  await poll();
}

// -- what is new ---------------------------------------------------------------------------------

function say(title, words, rows = []) {
  const box = document.createElement("section");
  const heading = Object.assign(document.createElement("h3"), { textContent: title });
  const close = Object.assign(document.createElement("button"), { className: "icon" });
  close.setAttribute("aria-label", "Close this note");
  close.innerHTML = '<svg><use href="#i-close"/></svg>';
  close.onclick = () => box.remove();
  box.append(heading, close);
  if (words) box.append(Object.assign(document.createElement("p"), { textContent: words }));
  if (rows.length) {
    const list = document.createElement("ul");
    for (const row of rows) {
      const button = document.createElement("button");
      button.append(
        Object.assign(document.createElement("span"), { textContent: row.text }),
        Object.assign(document.createElement("span"), { className: "badge", textContent: row.count }),
      );
      button.lastChild.style.flex = "none";
      button.onclick = async () => { box.remove(); await be(row.as, row.place); };
      const item = document.createElement("li");
      item.append(button);
      list.append(item);
    }
    box.append(list);
  }
  $("news").replaceChildren(box);
  clearTimeout(say.timer);
  const fade = () => { if (box.matches(":hover, :focus-within")) say.timer = setTimeout(fade, 4000); else box.remove(); };
  say.timer = setTimeout(fade, rows.length ? 20000 : 8000);
}

// Whoever turns to the conversation has read the note.
window.addEventListener("blur", () => {
  if (document.activeElement?.tagName === "IFRAME") $("news").replaceChildren();
});

function tell({ now, news, idle }) {
  const when = format(me().zone, "long").format(new Date(now * 1000));
  if (idle) return say("Nothing is planned", "Once a cohort is running, the bot has things to do.");
  if (!news.length) return say(when, "Nothing new for anyone.");
  const elsewhere = news.filter((row) => row.place !== state.place);
  if (!elsewhere.length) return say(when, "What came is in front of you.");
  const rows = elsewhere.map((row) => {
    const person = state.people.find((one) => one.key === row.as);
    const name = ["thread", "private"].includes(row.kind) ? row.name : `#${row.name}`;
    const text = row.kind === "dm" ? `${person.name}, direct message` : name;
    const mine = row.kind !== "dm" && state.places.some((one) => one.id === row.place);
    return { ...row, text, as: mine ? state.as : row.as };
  });
  say(when, "", rows);
}

// -- people --------------------------------------------------------------------------------------

const ROLES = { intern: "Intern", mentor: "Mentor", moderator: "Moderator" };

function showPeople() {
  const person = me();
  for (const face of [$("my-face"), $("me-small").querySelector("img")]) face.src = `/demo/portrait/${person.key}`;
  $("me-small").querySelector(".who").textContent = person.name.split(" ")[0];
  $("my-name").textContent = person.name;
  $("my-role").textContent = `${ROLES[person.role]}, ${person.city}`;
  const others = state.people.filter((one) => one.key !== person.key && one.unread).length;
  badge($("others"), others, `${others} other people have messages of their own`);
  const fresh = state.places.reduce((sum, one) => sum + (one.id === state.place ? 0 : one.unread), 0);
  $("menu-dot").hidden = !fresh;
  document.title = `${fresh ? `(${fresh}) ` : ""}${person.name} · Stint demo`;
  keyed($("crowd"), state.people, (one) => one.key, () => {
    const button = document.createElement("button");
    button.innerHTML = '<img alt="" width="38" height="38"><span class="who"><strong></strong><small></small></span><span class="badge"></span><time></time>';
    return button;
  }, (button, one) => {
    button.setAttribute("aria-pressed", String(one.key === state.as));
    button.querySelector("img").src ||= `/demo/portrait/${one.key}`;
    button.querySelector("strong").textContent = one.name;
    button.querySelector("small").textContent = `${ROLES[one.role]}, ${one.city} · ${one.about}`;
    button.querySelector("time").dataset.zone = one.zone;
    badge(button.querySelector(".badge"), one.unread, `${one.unread} new`);
    button.onclick = () => { $("people").close(); be(one.key); };
  });
}

async function be(who, place) {
  const switched = who !== state.as;
  state.as = sessionStorage.as = who;
  const before = state.place;
  if (switched) {
    await polling;
    await ask(`world?tab=${tab}&as=${who}`).then((world) => Object.assign(state, { people: world.people, places: world.places }));
  }
  const first = state.places.find((one) => one.kind === "dm" && one.unread) || state.places.find((one) => one.unread);
  const same = state.places.find((one) => one.id === before && one.kind !== "dm");
  const target = place || (switched ? (first || same || named("check-ins") || state.places[0]).id : state.place);
  if (switched || target !== state.place) await enter(target, switched);
  await poll();
}

// -- places --------------------------------------------------------------------------------------

function showPlaces() {
  const draw = (place) => {
    if (place.kind === "category") return Object.assign(document.createElement("h3"), { textContent: place.name });
    const button = document.createElement("button");
    button.innerHTML = place.kind === "dm"
      ? '<img src="/demo/portrait/stint" alt=""><span class="name"></span><span class="badge"></span>'
      : `<svg aria-hidden="true"><use href="#i-${place.kind}"/></svg><span class="name"></span><span class="badge"></span>`;
    button.onclick = () => { drawer(false); enter(place.id); };
    return button;
  };
  const fill = (button, place) => {
    if (place.kind === "category") return;
    const open = place.id === state.place;
    const fresh = open ? 0 : place.unread;
    button.querySelector(".name").textContent = place.name;
    button.parentElement.className = `${["thread", "private"].includes(place.kind) ? "thread" : place.kind}${fresh ? " new" : ""}`;
    badge(button.querySelector(".badge"), fresh, `${fresh} new`);
    if (open) button.setAttribute("aria-current", "page"); else button.removeAttribute("aria-current");
  };
  const dms = state.places.filter((one) => one.kind === "dm");
  keyed($("channels"), state.places.filter((one) => one.kind !== "dm"), (one) => one.id, draw, fill);
  keyed($("dms"), dms, (one) => one.id, draw, fill);
}

let chain = Promise.resolve();
function enter(place, anew = false) {
  const as = state.as;
  state.place = place;
  state.entering += 1;
  showPlaces();
  chain = chain.then(async () => {
    try {
      if (state.place !== place || state.as !== as) return;
      const spot = state.places.find((one) => one.id === place);
      if (spot?.kind === "forum") return board(spot);
      const { room } = await ask("enter", { tab, as, place });
      if (state.place === place && state.as === as) await show(room, spot);
    } catch (problem) {
      if (!anew) say("That did not work", problem.message);
      state.place = null;
    } finally {
      state.entering -= 1;
    }
  });
  return chain;
}

/** Load the new conversation behind the old one and swap when it is drawn. */
async function show(address, spot) {
  const frame = document.createElement("iframe");
  frame.title = `Conversation: ${spot?.name ?? ""}`;
  frame.className = "coming";
  frame.src = address.replace("#", `?${Date.now()}#`);
  $("rooms").append(frame);
  for (let tries = 0; tries < 60; tries += 1) {
    await new Promise((done) => setTimeout(done, 40));
    const room = frame.contentWindow;
    if (room?.simcordPreview?.ready && room.demoReady) break;
  }
  frame.className = "";
  for (const other of [...$("rooms").children]) if (other !== frame) other.remove();
}

/** A forum is a list of posts: Discord shows a board, and so does this. */
function board(spot) {
  const box = Object.assign(document.createElement("div"), { className: "empty" });
  const at = state.places.findIndex((one) => one.id === spot.id);
  const posts = [];
  for (let next = at + 1; ["thread", "private"].includes(state.places[next]?.kind); next += 1) posts.push(state.places[next]);
  box.append(Object.assign(document.createElement("h2"), { textContent: spot.name }));
  box.append(Object.assign(document.createElement("p"), { textContent: posts.length ? "Posts in this forum stand below its name on the left." : "This forum has no posts yet." }));
  $("rooms").replaceChildren(box);
}

/** Put words into the line one writes in, as if typed. */
const type = (text) => tellRoom({ demo: "type", text });

/** Bring a button into sight, which may stand far above the newest message. */
const point = (label, focus = true) => tellRoom({ demo: "point", label, focus }, focus);

async function tellRoom(words, focus = true) {
  await chain;
  const frame = $("rooms").querySelector("iframe:last-of-type");
  if (focus) frame?.focus();
  frame?.contentWindow.postMessage(words, location.origin);
}

// -- guide ---------------------------------------------------------------------------------------

function guide() {
  const hidden = sessionStorage.guide === "hidden";
  $("guide").hidden = hidden;
  $("guide-show").hidden = !hidden;
  const step = STEPS[state.step] ?? STEPS[0];
  $("step").textContent = `Try ${state.step + 1} of ${STEPS.length}`;
  $("step-title").textContent = step.title;
  $("step-words").textContent = step.words;
  $("step-go").textContent = step.to ? "Next thing due" : step.type ? `Type ${step.type}` : "Take me there";
  $("step-back").disabled = state.step === 0;
  $("step-on").disabled = state.step === STEPS.length - 1;
}

function turn(by) {
  state.step = Math.min(Math.max(state.step + by, 0), STEPS.length - 1);
  sessionStorage.step = state.step;
  guide();
}

async function go() {
  const step = STEPS[state.step];
  if (step.to) return travel({ to: step.to });
  if (step.as && step.as !== state.as) await be(step.as);
  const spot = step.place && named(step.place);
  if (spot && spot.id !== state.place) await enter(spot.id);
  if (step.type) await type(step.type);
  if (step.press) await point(step.press);
}

// -- small parts ---------------------------------------------------------------------------------

function badge(element, count, words) {
  const text = count ? String(count) : "";
  element.hidden = !count;
  if (element.textContent !== text) element.textContent = text;
  if (count) { element.setAttribute("aria-label", words); element.setAttribute("role", "img"); }
}

/** Keep a list's elements where their subjects stay, so that focus does not jump. */
function keyed(list, rows, name, draw, fill) {
  const have = new Map([...list.children].map((item) => [item.dataset.key, item]));
  rows.forEach((row, at) => {
    let item = have.get(name(row));
    have.delete(name(row));
    if (!item) {
      item = document.createElement("li");
      item.dataset.key = name(row);
      item.append(draw(row));
    }
    if (list.children[at] !== item) list.insertBefore(item, list.children[at] ?? null);
    fill(item.firstElementChild, row);
  });
  for (const item of have.values()) item.remove();
}

const narrow = matchMedia("(max-width: 760px)");
function drawer(open) {
  const asDrawer = narrow.matches;
  $("drawer").classList.toggle("open", open && asDrawer);
  $("drawer").inert = asDrawer && !open;
  document.querySelector("main").inert = asDrawer && open;
  $("scrim").hidden = !(asDrawer && open);
  $("menu").setAttribute("aria-expanded", String(open && asDrawer));
  if (open) ($("channels").querySelector("[aria-current]") ?? $("me")).focus();
}

for (const button of document.querySelectorAll("header [data-seconds], header [data-to]")) {
  button.onclick = () => travel({ to: button.dataset.to, seconds: Number(button.dataset.seconds) });
}
$("reset").onclick = async () => {
  if (!confirm("Start over from the first morning? What you did in this demo is forgotten.")) return;
  $("reset").disabled = true;
  say("Starting over", "The first days are lived again; that takes a moment.");
  try { await ask("reset", {}); $("news").replaceChildren(); } catch (problem) { say("That did not work", problem.message); }
  $("reset").disabled = false;
  state.place = null;
  state.step = 0;
  turn(0);
  await poll();
};
for (const button of [$("me"), $("me-small")]) button.onclick = () => { drawer(false); $("people").showModal(); };
$("menu").onclick = () => drawer(!$("drawer").classList.contains("open"));
$("scrim").onclick = () => drawer(false);
$("step-go").onclick = go;
$("step-back").onclick = () => turn(-1);
$("step-on").onclick = () => turn(1);
$("guide-hide").onclick = () => { sessionStorage.guide = "hidden"; guide(); $("guide-show").focus(); };
$("guide-show").onclick = () => { delete sessionStorage.guide; guide(); $("step-go").focus(); };
$("people").addEventListener("click", (event) => { if (event.target === $("people")) $("people").close(); });
addEventListener("keydown", (event) => { if (event.key === "Escape" && $("drawer").classList.contains("open")) { drawer(false); $("menu").focus(); } });
addEventListener("message", (event) => {
  if (event.origin === location.origin && event.data?.demo === "leave") $("next").focus();
});
narrow.addEventListener("change", () => drawer(false));

drawer(false);
guide();
setInterval(showTime, 1000);
(async function loop() { await poll(); setTimeout(loop, 1000); })();
