/** The page in the browser: shows jobs, progress, health and recovery, kept fresh by the stream of events. Browser side. */

const $ = (id) => document.getElementById(id);
const open = new Set(["running", "draining", "planned"]);
const waits = new Set(["interrupted", "paused"]);
const words = {
  completed_with_problems: "completed with problems",
};
const AGAIN_MS = 2_000;
let shownJob = null;
let timer = null;

/** Text is always set as text: names of files are never taken for markup. */
function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

async function call(method, path) {
  const response = await fetch(`/api/v1${path}`, { method });
  if (response.status === 401)
    throw new Error("Logged out: kc open, on the machine itself, lets you in again");
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.detail ?? `HTTP ${response.status}`);
  return answer;
}

function say(text, lost = false) {
  $("connection").textContent = text;
  $("connection").className = lost ? "lost" : "";
}

async function refresh() {
  const [jobs, report] = await Promise.all([
    call("GET", "/jobs?limit=100"),
    call("GET", "/report?hours=24"),
  ]);
  showHealth(report);
  showWaiting(jobs.filter(({ state }) => waits.has(state)));
  showJobs(jobs);
  if (shownJob !== null) await showDetail(shownJob);
}

/** Many events at once are one look. */
function refreshSoon() {
  timer ??= setTimeout(() => {
    timer = null;
    refresh().catch((error) => {
      // That nobody answers is said by the stream.
      if (!(error instanceof TypeError)) say(String(error.message), true);
    });
  }, 250);
}

function showHealth({ health, metrics }) {
  $("health").textContent = health.known
    ? `${health.level[0].toUpperCase()}${health.level.slice(1)}: ${health.score} of 100`
    : "No data yet";
  $("reasons").replaceChildren(
    ...health.reasons.map(({ minus, text }) => element("li", {}, `−${minus}: ${text}`)),
  );
  const shown = {
    crashRate: "Crash rate",
    recoverySuccess: "Recovery success",
    itemSpeed: "Processing speed",
    uptime: "Uptime",
    completionRate: "Completion rate",
    satisfaction: "Satisfaction",
  };
  $("figures").replaceChildren(
    ...Object.entries(shown).map(([name, label]) => {
      const { value, unit } = metrics[name];
      const text =
        value === null
          ? "no data yet"
          : `${new Intl.NumberFormat("en", { maximumSignificantDigits: 3 }).format(value)} ${unit}`;
      return element("div", {}, element("dt", {}, label), element("dd", {}, text));
    }),
  );
}

function showWaiting(jobs) {
  $("recovery").hidden = jobs.length === 0;
  keepFocus($("waiting"), () =>
    $("waiting").replaceChildren(
      ...jobs.map((job) =>
        element(
          "li",
          {},
          `${job.name}, ${done(job)} of ${job.items.total} done${job.reason === null ? "" : ` (${job.reason})`} `,
          action(job, "resume", "Resume"),
          action(job, "restart", "Restart", `Process every file of ${job.name} again?`),
          action(job, "delete", "Delete", `Forget ${job.name}? Its outputs stay.`),
        ),
      ),
    ),
  );
}

function showJobs(jobs) {
  $("empty").hidden = jobs.length > 0;
  $("jobs").hidden = jobs.length === 0;
  const body = $("jobs").tBodies[0];
  keepFocus(body, () =>
    body.replaceChildren(
      ...jobs.map((job) => {
        const name = element("button", { className: "name", type: "button" }, job.name);
        name.dataset.key = `show ${job.jobId}`;
        name.onclick = () => showDetail(job.jobId, true).catch((error) => say(error.message, true));
        const bad = job.items.failed + job.items.quarantined;
        const bar = element("progress", { max: Math.max(1, job.items.total), value: done(job) });
        bar.setAttribute("aria-label", `${done(job)} of ${job.items.total} items of ${job.name}`);
        return element(
          "tr",
          {},
          element("td", {}, name),
          element("td", {}, words[job.state] ?? job.state),
          element("td", {}, bar, ` ${done(job)} of ${job.items.total}`),
          problemsCell(bad),
          element("td", {}, ...actions(job, bad)),
        );
      }),
    ),
  );
}

/** Where the table has no heads its figures say themselves what they are. */
function problemsCell(bad) {
  const cell = element("td", {}, bad === 0 ? "none" : String(bad));
  cell.dataset.label = "Problems: ";
  return cell;
}

function actions(job, bad) {
  if (open.has(job.state)) {
    return [
      action(job, "pause", "Pause"),
      action(job, "cancel", "Cancel", `End ${job.name}? What waits is dropped.`),
    ];
  }
  return bad > 0 && !waits.has(job.state) ? [action(job, "retry", "Retry problems")] : [];
}

function action(job, verb, label, question = null) {
  const button = element("button", { type: "button" }, label);
  button.dataset.key = `${verb} ${job.jobId}`;
  button.setAttribute("aria-label", `${label} ${job.name}`);
  button.onclick = async () => {
    if (question !== null && !confirm(question)) return;
    button.disabled = true;
    try {
      if (verb === "delete") await call("DELETE", `/jobs/${job.jobId}`);
      else await call("POST", `/jobs/${job.jobId}/${verb}`);
      await refresh();
    } catch (error) {
      say(error.message, true);
    } finally {
      button.disabled = false;
    }
  };
  return button;
}

async function showDetail(jobId, moves = false) {
  shownJob = jobId;
  const [job, live, problems] = await Promise.all([
    call("GET", `/jobs/${jobId}`),
    call("GET", `/jobs/${jobId}/live`),
    call("GET", `/jobs/${jobId}/problems?limit=50`),
  ]);
  $("detail").hidden = false;
  $("detail-title").textContent = `Job ${job.name}`;
  $("detail-state").textContent =
    `${words[job.state] ?? job.state}; ${job.pipeline.join(", ")}; results in ${job.outDir}`;
  const running = live?.running ?? [];
  $("running").replaceChildren(
    ...(running.length === 0
      ? [element("li", { className: "soft" }, "nothing")]
      : running.map(({ item, stage, fraction, message }) =>
          element(
            "li",
            {},
            `${item ?? "the whole job"}: ${stage}, ${Math.round(fraction * 100)} %${message === null ? "" : `, ${message}`}`,
          ),
        )),
  );
  $("problems").replaceChildren(
    ...(problems.length === 0
      ? [element("li", { className: "soft" }, "none")]
      : problems.map(({ item, stage, state, error }) =>
          element("li", {}, `${item ?? "the whole job"}, ${stage}: ${state}. ${error.message}`),
        )),
  );
  if (moves) $("detail-title").focus();
}

/** A list that is drawn again keeps the keyboard where it was. */
function keepFocus(within, draw) {
  const key = within.contains(document.activeElement) ? document.activeElement.dataset.key : null;
  draw();
  if (key != null)
    [...within.querySelectorAll("[data-key]")].find((each) => each.dataset.key === key)?.focus();
}

function done({ items }) {
  return items.total - items.queued - items.running - items.retrying;
}

/** Goes on from where it was however often the server goes away; a browser alone gives up at the first refusal. */
async function follow() {
  for (;;) {
    try {
      const { seq } = await call("GET", "/events/last");
      await refresh();
      await listen(seq);
    } catch (error) {
      // fetch says it so when nobody answers.
      if (!(error instanceof TypeError)) say(error.message, true);
    }
    await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
  }
}

/** Resolves when the stream is over for good. */
function listen(seq) {
  return new Promise((resolve) => {
    const events = new EventSource(`/api/v1/events?after=${seq}`);
    events.onopen = () => {
      say("Live");
      refreshSoon();
    };
    events.onmessage = refreshSoon;
    events.onerror = () => {
      say("Connection lost: what you see may be old; trying again", true);
      if (events.readyState === EventSource.CLOSED) resolve();
    };
  });
}

void follow();
