/** What each key does in a dialog. Pure. */
import { recoveryChoices } from "../panels/dialogs.ts";
import { isRecoverable, jobById, type Dashboard, type Dialog } from "../state/dashboard.ts";
import type { Effect, Update } from "../state/message.ts";
import { selectJob } from "../state/select-job.ts";
import { actionFor } from "./key-table.ts";

export function pressInDialog(state: Dashboard, dialog: Dialog, key: string): Update {
  switch (dialog.d) {
    case "recovery":
      return inRecovery(state, dialog, key);
    case "confirm":
      return inConfirm(state, dialog, key);
    case "details":
    case "help":
      return inPage(state, dialog, key);
  }
}

function inRecovery(state: Dashboard, dialog: Dialog & { d: "recovery" }, key: string): Update {
  const choose = (choice: number): Update => shows(state, { ...dialog, choice });
  switch (actionFor("recovery", key)) {
    case "up":
      return choose(Math.max(0, dialog.choice - 1));
    case "down":
      return choose(Math.min(recoveryChoices.length - 1, dialog.choice + 1));
    case "nextJob":
      return nextWaiting(state, dialog);
    case "choose": {
      const choice = recoveryChoices[dialog.choice]?.id ?? "resume";
      if (choice === "resume") return asks(state, "resume", dialog.jobId);
      return shows(state, { d: "confirm", ask: choice, jobId: dialog.jobId, yes: false });
    }
    case "back":
      return shows(state, null);
    case "quit":
      return { state, effect: { e: "quit" } };
    case null:
      return shows(state, dialog);
  }
}

function inConfirm(state: Dashboard, dialog: Dialog & { d: "confirm" }, key: string): Update {
  const yes = () => asks(state, dialog.ask === "delete" ? "remove" : "restart", dialog.jobId);
  const no = () =>
    shows(state, {
      d: "recovery",
      jobId: dialog.jobId,
      choice: recoveryChoices.findIndex(({ id }) => id === dialog.ask),
    });
  switch (actionFor("confirm", key)) {
    case "flip":
      return shows(state, { ...dialog, yes: !dialog.yes });
    case "choose":
      return dialog.yes ? yes() : no();
    case "yes":
      return yes();
    case "no":
      return no();
    case "quit":
      return { state, effect: { e: "quit" } };
    case null:
      return shows(state, dialog);
  }
}

function inPage(state: Dashboard, dialog: Dialog & { d: "details" | "help" }, key: string): Update {
  switch (actionFor(dialog.d, key)) {
    case "up":
      return shows(state, { ...dialog, at: Math.max(0, dialog.at - 1) });
    case "down":
      return shows(state, { ...dialog, at: dialog.at + 1 });
    case "back":
      return shows(state, null);
    case "quit":
      return { state, effect: { e: "quit" } };
    case null:
      return shows(state, dialog);
  }
}

function asks(state: Dashboard, e: Exclude<Effect["e"], "quit">, jobId: string): Update {
  const name = jobById(state, jobId)?.name ?? jobId;
  return { state: { ...state, dialog: null }, effect: { e, jobId, name } };
}

function nextWaiting(state: Dashboard, dialog: Dialog & { d: "recovery" }): Update {
  const waiting = (state.jobs ?? []).filter(isRecoverable);
  const index = waiting.findIndex(({ id }) => id === dialog.jobId);
  const next = waiting[(index + 1) % waiting.length];
  if (next === undefined) return shows(state, dialog);
  return shows(selectJob(state, next.id), { d: "recovery", jobId: next.id, choice: 0 });
}

function shows(state: Dashboard, dialog: Dialog | null): Update {
  return { state: { ...state, dialog }, effect: null };
}
