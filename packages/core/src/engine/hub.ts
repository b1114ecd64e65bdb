/** Hands events to whoever listens; a listener that throws hurts nobody else. Host, pure. */
import type { Event } from "../model/event.ts";

export interface Hub {
  publish(events: readonly Event[]): void;
  subscribe(listener: (events: readonly Event[]) => void): () => void;
}

export function createHub(onListenerError: (error: unknown) => void): Hub {
  const listeners = new Set<(events: readonly Event[]) => void>();
  return {
    publish(events) {
      for (const listener of listeners) {
        try {
          listener(events);
        } catch (error) {
          onListenerError(error);
        }
      }
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
