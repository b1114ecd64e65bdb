/** What the rest of the program may use of the dashboard. */
export { runDashboard, type DashboardOptions, type QuitReason } from "./run-dashboard.ts";
