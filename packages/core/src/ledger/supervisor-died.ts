/** Why a job is interrupted: written by the rescue, and said by every reader before it. Shared, pure. */
export const SUPERVISOR_DIED = {
  reason: "the supervisor ended without a stop",
  reasonCode: "supervisor_died",
} as const;
