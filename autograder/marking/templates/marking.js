// The page on which answers are marked.
//
// `answers` is what the gradebook holds, `pending` what the person wants and the gradebook has not confirmed. Pending
// changes stay in the browser's storage until then, so that nothing is lost when the page or the server ends. Each
// names the version of the answer that the person saw: what somebody else changed meanwhile is shown, not replaced.

const AGAIN_MILLISECONDS = 1000, MOST_AT_ONCE = 50, MOST_CHARACTERS = 20000, MOST_COMMENTS = 9, DIGITS_MILLISECONDS = 800;
const STORED = "mark:", HALF = "½";

const assignment = document.body.dataset.assignment;
const $ = id => document.getElementById(id);

const answers = new Map();  // by key, in the order of the page
const pending = new Map();  // by key: version, and those of points, comment, waits that are wanted; sent, isRefused
const pictures = new Map();  // by key: the promise of an answer's HTML
const undoable = [];
let question = document.querySelector("[data-about]").dataset.about;
let current = null;
let isSending = false, problem = "", isChoosing = false, typed = { digits: "", at: 0 }, commentBefore = null, names = null;

// --- what is known of an answer -------------------------------------------------------------------------------------

function seen(key) {
  const held = answers.get(key), wanted = pending.get(key);
  if (!wanted || wanted.isRefused) return held;
  const byHand = "points" in wanted ? wanted.points : held.byHand;
  const auto = held.byHand === null ? held.points : null;
  const waits = "waits" in wanted ? wanted.waits : "points" in wanted ? wanted.points === null && auto === null : held.waits;
  return { ...held, byHand, points: byHand ?? auto, waits, comment: wanted.comment ?? held.comment };
}

const ofQuestion = () => [...answers.values()].filter(each => each.question === question).map(each => seen(each.key));
const inWords = points => (points % 1 === 0.5 ? `${Math.floor(points) || ""}${HALF}` : String(points));
const many = (count, word) => `${count} ${word}${["1", HALF].includes(String(count)) ? "" : "s"}`;

const FILTERS = {
  all: () => true,
  waits: each => each.waits,
  commented: each => each.comment !== "",
};
const passes = each => (FILTERS[$("filter").value] ?? (one => !one.waits && String(one.points) === $("filter").value))(each);

// --- saving ---------------------------------------------------------------------------------------------------------

function want(key, fields) {
  if (pending.get(key)?.isRefused) pending.delete(key);  // it was seen, and is decided now
  pending.set(key, { version: answers.get(key).version, ...pending.get(key), ...fields });
  store(key);
}

const store = key => localStorage.setItem(STORED + key, JSON.stringify(pending.get(key)));

function forget(key) {
  pending.delete(key);
  localStorage.removeItem(STORED + key);
}

function give(keys, fieldsOf, words) {
  undoable.push({ words, before: keys.map(key => [key, stateOf(key)]) });
  for (const key of keys) want(key, fieldsOf(seen(key)));
  show();
  send();
}

function stateOf(key) {
  const { byHand, comment, waits } = seen(key);
  return { points: byHand, comment, waits };
}

function undo() {
  const last = undoable.pop();
  if (!last) return say("There is nothing to undo.");
  for (const [key, state] of last.before) want(key, state);
  go(last.before[0][0]);
  say(`Undone: ${last.words}.`);
  send();
}

function nextBatch() {
  const batch = [];
  let characters = 0;
  for (const [key, { isRefused, sent, ...fields }] of pending) {
    if (isRefused) continue;
    characters += JSON.stringify(fields).length;
    if (batch.length && (batch.length === MOST_AT_ONCE || characters > MOST_CHARACTERS)) break;
    batch.push({ key, ...fields });
    pending.get(key).sent = [...(sent ?? []), fields];  // it may arrive although no answer to it comes back
    store(key);
  }
  return batch;
}

async function send() {
  if (isSending) return;
  isSending = true;
  for (let batch = nextBatch(); batch.length; batch = nextBatch()) {
    showSaved();
    try {
      settle(batch, await post(batch));
      problem = "";
    } catch (error) {
      problem = error.message;
      if (error.isFinal) batch.forEach(({ key }) => (pending.get(key).isRefused = true));
      else await new Promise(done => setTimeout(done, AGAIN_MILLISECONDS));
    }
    show();
  }
  isSending = false;
  showSaved();
}

async function post(batch) {
  const body = JSON.stringify(batch);
  // With keepalive it arrives although the page is closed; browsers allow that for short ones.
  const options = { method: "POST", headers: { "Content-Type": "application/json" }, body, keepalive: body.length < MOST_CHARACTERS };
  const response = await ask("/marks", options);
  return response.json();
}

async function ask(address, options = {}) {
  let response;
  try {
    response = await fetch(address, options);
  } catch {
    throw new Error("the server does not answer. Start `autograder read` again if it has ended.");
  }
  if (response.ok) return response;
  const error = new Error(response.status === 403 ? "the server was started again. Open the address that it printed." : await response.text());
  error.isFinal = response.status === 400;
  throw error;
}

function settle(batch, reply) {
  for (const answer of reply.answers) update(answer);
  for (const { key, version, ...sent } of batch) {
    const wanted = pending.get(key);
    if (!wanted) continue;
    if (!answers.has(key)) forget(key);
    else if (!reply.refused.includes(key)) confirm(key, wanted, sent);
    else if (wanted.sent.some(fields => isHeld(key, fields))) want(key, { version: answers.get(key).version });
    else wanted.isRefused = true;
  }
}

// Whether the gradebook holds what was sent: then the other person who changed it was this one.
function isHeld(key, fields) {
  const { byHand, comment } = answers.get(key);
  return (fields.points === undefined || fields.points === byHand) && (fields.comment === undefined || fields.comment.trim() === comment);
}

function confirm(key, wanted, sent) {
  delete wanted.sent;
  for (const [field, value] of Object.entries(sent)) if (wanted[field] === value) delete wanted[field];
  if (Object.keys(wanted).length === 1) forget(key);
  else want(key, { version: answers.get(key).version });
}

function update(answer) {
  const before = answers.get(answer.key);
  if (before && before.content !== answer.content) pictures.delete(answer.key);
  answers.set(answer.key, answer);
}

async function refresh() {
  if (pending.size || isSending) return;
  try {
    const found = await (await ask("/answers")).json();
    if (pending.size) return;
    const kept = new Set(found.map(each => each.key));
    for (const key of answers.keys()) if (!kept.has(key)) answers.delete(key);
    found.forEach(update);
    problem = "";
  } catch (error) {
    problem = error.message;
    setTimeout(async () => { await refresh(); show(); }, AGAIN_MILLISECONDS);
  }
}

// --- going from answer to answer ------------------------------------------------------------------------------------

function find(accepts, step = 1) {
  const all = ofQuestion(), at = all.findIndex(each => each.key === current);
  for (let count = 1; count <= all.length; count++) {
    const each = all[(at + step * count + all.length * 2) % all.length];
    if (accepts(each) && each.key !== current) return each.key;
  }
  return null;
}

function goOn(accepts, step, otherwise) {
  const key = find(accepts, step);
  if (key) go(key);
  else say(otherwise);
}

const nextUnmarked = () => goOn(each => each.waits, 1, seen(current).waits ? "This is the last answer to mark." : "All answers to this question are marked.");

function go(key) {
  endComment();
  isChoosing = false;
  const isOther = key !== current;
  current = key;
  question = answers.get(key).question;
  const all = ofQuestion();
  history.replaceState(null, "", `#${question}/${all.findIndex(each => each.key === key) + 1}`);
  show();
  if (isOther) scrollTo(0, 0);
  say(`${$("which").textContent}, ${$("state").textContent}`);
}

function start() {
  const [, name, number] = location.hash.match(/^#([\w-]+)\/(\d+)$/) ?? [];
  if ([...answers.values()].some(each => each.question === name)) question = name;
  const all = ofQuestion();
  go((all[number - 1] ?? all.find(each => each.waits) ?? all[0]).key);
}

// --- what the person does -------------------------------------------------------------------------------------------

function mark(points) {
  const { most } = seen(current);
  if (points !== null && (points < 0 || points > most)) return say(`At most ${inWords(most)} points.`);
  give([current], () => ({ points }), points === null ? "the mark was removed" : many(inWords(points), "point"));
  const hasSame = others().length > 0;
  if ($("advance").checked && points !== null && !hasSame && find(each => each.waits)) nextUnmarked();
  else say(points === null ? "No mark." : `${inWords(points)} of ${inWords(most)} points.`);
}

function digit(key) {
  const { most } = seen(current), now = Date.now();
  const joined = now - typed.at < DIGITS_MILLISECONDS && Number(typed.digits + key) <= most ? typed.digits + key : key;
  typed = { digits: joined, at: now };
  mark(Number(joined));
}

function half() {
  const points = seen(current).byHand ?? 0;
  mark(points % 1 === 0.5 ? points - 0.5 : points + 0.5);
}

const others = () => {
  const here = answers.get(current);
  return here?.content ? ofQuestion().filter(each => each.content === here.content && each.key !== current && each.waits) : [];
};

function giveSame() {
  const { byHand, waits, comment } = seen(current);
  const same = others().map(each => each.key);
  if (waits || byHand === null || !same.length) return say("There is no other answer with this text to mark.");
  give(same, each => ({ points: byHand, comment: each.comment || comment }), `the mark for ${many(same.length, "other answer")}`);
  say(`${many(same.length, "other answer")} marked.`);
}

const blanks = () => ofQuestion().filter(each => each.isBlank && each.waits);

function markBlanks() {
  const keys = blanks().map(each => each.key);
  if (!keys.length) return say("There is no blank answer to mark.");
  give(keys, () => ({ points: 0 }), `0 points for ${many(keys.length, "blank answer")}`);
  say(`${many(keys.length, "blank answer")} marked with 0 points.`);
}

const usedBefore = () => {
  const counts = new Map();
  for (const { comment } of ofQuestion()) if (comment) counts.set(comment, (counts.get(comment) ?? 0) + 1);
  counts.delete(seen(current).comment);
  return [...counts].sort((one, other) => other[1] - one[1]).slice(0, MOST_COMMENTS).map(([comment]) => comment);
};

function reuse(comment) {
  const { comment: present } = seen(current);
  endComment();
  give([current], () => ({ comment: present ? `${present}\n\n${comment}` : comment }), "a comment was added");
  say("Comment added.");
}

function writeComment() {
  commentBefore ??= { key: current, state: stateOf(current) };
  want(commentBefore.key, { comment: $("comment").value });
  showSaved();
  send();
}

function endComment() {
  if (!commentBefore) return;
  const { key, state } = commentBefore;
  commentBefore = null;
  if (seen(key).comment !== state.comment) undoable.push({ words: "the comment", before: [[key, state]] });
}

const PLAIN_KEYS = {
  ".": half, ",": half, h: half, Backspace: () => mark(null), Delete: () => mark(null),
  Enter: nextUnmarked, u: nextUnmarked,
  n: () => goOn(passes, 1, "There is no other answer."), p: () => goOn(passes, -1, "There is no other answer."),
  c: () => $("comment").focus(), s: giveSame, b: markBlanks, z: undo,
  r: () => { isChoosing = usedBefore().length > 0; show(); },
  x: () => { $("filter").value = $("filter").value === "waits" ? "all" : "waits"; show(); say(`Showing ${$("filter").selectedOptions[0].textContent}.`); },
  "?": () => $("keys").showModal(),
};
Object.assign(PLAIN_KEYS, { ArrowRight: PLAIN_KEYS.n, j: PLAIN_KEYS.n, ArrowLeft: PLAIN_KEYS.p, k: PLAIN_KEYS.p });

// What a key is for, or undefined when it is for the browser.
function actionOf({ target, key, ctrlKey, metaKey, altKey }) {
  const isTyping = target === $("comment"), isControl = ctrlKey || metaKey;
  if (isTyping && key === "Escape") return () => target.blur();
  if (isTyping && key === "Enter" && isControl) return () => { target.blur(); nextUnmarked(); };
  if (!current || isTyping || !$("use-keys").checked || $("keys").open || altKey) return undefined;
  if (isControl) return key === "z" ? undo : undefined;
  if (target.closest("select") || (["Enter", " "].includes(key) && target.closest("button, summary, a, input"))) return undefined;
  if (/^[0-9]$/.test(key)) return () => (isChoosing ? choose(key) : digit(key));
  const act = Object.hasOwn(PLAIN_KEYS, key) ? PLAIN_KEYS[key] : undefined;
  return act && (() => { if (isChoosing) { isChoosing = false; show(); } act(); });
}

function choose(key) {
  const chosen = usedBefore()[key - 1];
  isChoosing = false;
  if (chosen) reuse(chosen);
  else show();
}

// --- what the person sees -------------------------------------------------------------------------------------------

const say = words => ($("said").textContent = words);

function make(tag, content, properties = {}) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...[content].flat());
  return made;
}

function show() {
  if (!current) return;
  const all = ofQuestion(), here = seen(current), done = all.filter(each => !each.waits).length;
  $("which").textContent = `Answer ${all.findIndex(each => each.key === current) + 1} of ${all.length}`;
  $("state").textContent = stateInWords(here);
  $("state").className = `state ${here.waits ? "waits" : "marked"}`;
  $("progress-text").textContent = `${done} of ${all.length} marked`;
  Object.assign($("progress"), { value: done, max: all.length });
  document.title = `${done} of ${all.length} marked: ${assignment}`;
  $("name").hidden = !names;
  $("name").textContent = names?.[current] ?? "";
  for (const each of document.querySelectorAll("[data-about]")) {
    each.hidden = each.dataset.about !== question;
    if (!each.hidden) $("heading").textContent = each.dataset.heading;
  }
  for (const each of document.querySelectorAll("[data-question]")) {
    const left = [...answers.keys()].map(seen).filter(one => one.question === each.dataset.question && one.waits).length;
    each.setAttribute("aria-current", String(each.dataset.question === question));
    each.querySelector(".left").textContent = left ? `(${left} to mark)` : "(done)";
  }
  if (!commentBefore && $("comment").value !== here.comment) $("comment").value = here.comment;
  showFilter(all);
  showPoints(here);
  showComments();
  showSame(here);
  showConflict();
  showSaved();
  showAnswer(current);
  const blank = blanks().length;
  $("blank").hidden = !blank;
  $("blank").replaceChildren(`Give 0 to ${many(blank, "blank answer")} `, make("kbd", "b"));
  $("undo").disabled = !undoable.length;
}

function stateInWords({ points, byHand, waits, most, note }) {
  if (waits && byHand !== null) return `${inWords(points)} of ${inWords(most)}, graded again since you marked it: look again`;
  if (waits) return "Not marked yet";
  return `${inWords(points)} of ${inWords(most)} points${byHand === null && note ? `, given automatically: ${note}` : ""}`;
}

function showFilter(all) {
  const options = [["all", `all answers (${all.length})`], ["waits", `answers to mark (${all.filter(each => each.waits).length})`]];
  const values = [...new Set(all.filter(each => !each.waits).map(each => each.points))].sort((one, other) => one - other);
  for (const value of values) options.push([String(value), `${many(inWords(value), "point")} (${all.filter(each => !each.waits && each.points === value).length})`]);
  if (all.some(FILTERS.commented)) options.push(["commented", `with a comment (${all.filter(FILTERS.commented).length})`]);
  const chosen = $("filter").value;
  $("filter").replaceChildren(...options.map(([value, text]) => make("option", text, { value })));
  $("filter").value = options.some(([value]) => value === chosen) ? chosen : "all";
}

function showPoints({ most, byHand, waits }) {
  const given = waits && byHand === null ? null : byHand;
  const isHalf = given !== null && given % 1 === 0.5;
  const buttons = Array.from({ length: Math.floor(most) + 1 }, (_, points) => {
    const made = make("button", String(points), { type: "button", onclick: () => mark(points) });
    made.setAttribute("aria-pressed", String(given !== null && Math.floor(given) === points));
    return made;
  });
  const more = make("button", [HALF, " ", make("kbd", ".")], { type: "button", onclick: half, disabled: given !== null && given + 0.5 > most && !isHalf });
  more.setAttribute("aria-pressed", String(isHalf));
  more.setAttribute("aria-label", "and a half");
  const none = make("button", "–", { type: "button", onclick: () => mark(null), disabled: given === null });
  none.setAttribute("aria-label", "No mark");
  const at = [...$("points").children].indexOf(document.activeElement);
  $("points").replaceChildren(...buttons, more, none);
  if (at >= 0) $("points").children[at]?.focus();
}

function showComments() {
  const found = usedBefore();
  $("reuse").hidden = !found.length;
  $("reuse").classList.toggle("choosing", isChoosing);
  $("comments").replaceChildren(...found.map((comment, at) => make("li", make("button", [make("kbd", String(at + 1)), make("span", comment)], { type: "button", onclick: () => reuse(comment) }))));
}

function showSame({ waits, byHand, points }) {
  const here = answers.get(current), same = here.content ? ofQuestion().filter(each => each.content === here.content).length - 1 : 0;
  const left = others().length;
  $("same").hidden = !same || here.isBlank;
  $("same").replaceChildren(make("p", `${many(same, "other answer")} ${same === 1 ? "has" : "have"} exactly this text${left ? "" : ", and all are marked"}.`));
  if (left && !waits && byHand !== null) {
    $("same").append(make("button", [`Give ${left === same ? (same === 1 ? "it" : "them") : `the ${left} unmarked`} ${many(inWords(points), "point")} too `, make("kbd", "s")], { type: "button", className: "main", onclick: giveSame }));
  }
}

function showConflict() {
  const mine = pending.get(current), theirs = answers.get(current);
  $("conflict").hidden = !mine?.isRefused;
  if (!mine?.isRefused) return $("conflict").replaceChildren();
  const words = ({ points, comment }) => [points === undefined ? "" : points === null ? "no mark" : many(inWords(points), "point"), comment === undefined ? "" : comment ? `the comment “${comment}”` : "no comment"].filter(Boolean).join(" and ");
  const { points, comment, waits } = mine;
  $("conflict").replaceChildren(
    make("p", `This answer was changed elsewhere in the meantime: it has ${words({ points: theirs.waits ? null : theirs.points, comment: theirs.comment })} now. Yours is not saved: ${words(mine)}.`),
    make("button", "Save mine", { type: "button", className: "main", onclick: () => { give([current], () => Object.fromEntries(Object.entries({ points, comment, waits }).filter(([, value]) => value !== undefined)), "your mark instead of the other one"); } }),
    make("button", "Keep the other", { type: "button", onclick: () => { forget(current); show(); } }),
  );
}

function showSaved() {
  const open = [...pending.values()].filter(each => !each.isRefused).length;
  const refused = [...pending].filter(([key, each]) => each.isRefused && key !== current);
  $("saved").textContent = open ? (problem ? `${open} not saved yet` : "Saving …") : seen(current)?.byHand === null && !seen(current).comment ? "" : "✓ Saved";
  $("saved").className = open ? "saved open" : "saved";
  $("problem").hidden = !problem && !refused.length;
  const words = problem ? `${open ? `Not saved yet (${many(open, "answer")}): ` : ""}${problem}${open ? " Your marks are kept in this browser, and saved as soon as possible." : ""}` : `${many(refused.length, "answer")} changed elsewhere: your mark is not saved. `;
  if ($("problem").dataset.words === words) return;
  $("problem").dataset.words = words;
  $("problem").replaceChildren(words);
  if (!problem && refused.length) $("problem").append(make("button", "Show", { type: "button", onclick: () => go(refused[0][0]) }));
}

function pictureOf(key) {
  if (!pictures.has(key)) {
    const promise = ask(`/answers/${key}`).then(response => response.json());
    promise.catch(() => pictures.delete(key));
    pictures.set(key, promise);
  }
  return pictures.get(key);
}

// The server has taken everything out that could run, and the page's policy would not let it.
async function showAnswer(key) {
  const picture = pictureOf(key);
  if ($("answer").picture === picture) return;
  $("answer").picture = picture;
  $("answer").ariaBusy = "true";
  try {
    const html = await picture;
    if (current !== key) return;
    $("answer").replaceChildren(...new DOMParser().parseFromString(html, "text/html").body.childNodes);
    $("answer").ariaBusy = "false";
    for (const other of [find(each => each.waits), find(passes)]) if (other) pictureOf(other).catch(() => {});
  } catch (error) {
    if (current !== key) return;
    $("answer").ariaBusy = "false";
    $("answer").replaceChildren(make("p", `This answer cannot be loaded: ${error.message}`, { className: "note" }));
    setTimeout(() => { if (current === key) showAnswer(key); }, AGAIN_MILLISECONDS);
  }
}

// --- beginning ------------------------------------------------------------------------------------------------------

// A mark is for the answer that the person sees, so a key waits until that is there, and the next key for this one.
let heard = Promise.resolve();
document.addEventListener("keydown", event => {
  const act = actionOf(event);
  if (!act) return;
  event.preventDefault();
  if (!event.repeat) heard = heard.then(() => pictureOf(current).catch(() => {})).then(act);
});

async function begin() {
  history.replaceState(null, "", `/${location.hash}`);  // without the token
  for (await refresh(); !answers.size; await new Promise(done => setTimeout(done, AGAIN_MILLISECONDS))) {
    $("problem").hidden = !problem;
    $("problem").textContent = problem;
  }
  for (const key of answers.keys()) {
    const stored = localStorage.getItem(STORED + key);
    if (stored) pending.set(key, JSON.parse(stored));
  }
  for (const each of pending.values()) delete each.isRefused;
  $("advance").checked = localStorage.getItem("advance") === "yes";
  $("use-keys").checked = localStorage.getItem("use-keys") !== "no";
  start();
  send();
}

for (const id of ["advance", "use-keys"]) $(id).onchange = () => localStorage.setItem(id, $(id).checked ? "yes" : "no");
$("names").onchange = async () => {
  try {
    names = $("names").checked ? await (await ask("/names")).json() : null;
  } catch (error) {
    problem = error.message;
  }
  show();
};
$("filter").onchange = () => { if (!passes(seen(current))) PLAIN_KEYS.n(); };
$("comment").oninput = writeComment;
$("comment").onblur = () => { endComment(); show(); };
Object.entries({ previous: PLAIN_KEYS.p, next: PLAIN_KEYS.n, "next-unmarked": nextUnmarked, blank: markBlanks, undo, help: PLAIN_KEYS["?"], close: () => $("keys").close() }).forEach(([id, act]) => ($(id).onclick = act));
for (const each of document.querySelectorAll("[data-question]")) {
  each.onclick = () => { question = each.dataset.question; const all = ofQuestion(); go((all.find(one => one.waits) ?? all[0]).key); };
}
// After a click the keys are for marking again; whoever moves by keys keeps the focus.
document.addEventListener("click", event => { if (event.detail) event.target.closest?.("button")?.blur(); });
document.addEventListener("visibilitychange", async () => { if (!document.hidden) { await refresh(); show(); } });
window.addEventListener("focus", async () => { await refresh(); show(); });
window.addEventListener("beforeunload", event => { if ([...pending.values()].some(each => !each.isRefused) && problem) event.preventDefault(); });
begin();
