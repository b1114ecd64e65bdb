import { expect, test } from "bun:test";
import { startClock } from "../../src/engine/clock.ts";

test("setting the wall clock moves nothing that waits, and is told with how far it was set", async () => {
  let wall = 1_000_000;
  let steady = 0;
  const told = Promise.withResolvers<number>();
  const clock = startClock({ wall: () => wall, steady: () => steady, onMoved: told.resolve });
  try {
    expect(clock.now()).toBe(1_000_000);
    steady = 400;
    wall = 1_000_400 - 5 * 3_600_000;
    expect(clock.now()).toBe(1_000_400);
    expect(await told.promise).toBe(-5 * 3_600_000);
    expect(clock.now()).toBe(1_000_400);
  } finally {
    clock.close();
  }
});

test("time asleep is not time awake", () => {
  let steady = 0;
  const clock = startClock({ wall: () => 0, steady: () => steady });
  try {
    steady = 800;
    expect(clock.awake()).toBe(800);
    steady = 3_600_000;
    expect(clock.awake()).toBeLessThan(2_000);
  } finally {
    clock.close();
  }
});
