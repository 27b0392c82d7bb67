import type { App, ReceiverEvent } from '@slack/bolt';

/**
 * Bolt acknowledges an event of the Events API before its listener runs, and so before anything was written down. This
 * stands between a receiver and the app: the acknowledgement goes out when the listener is done, and never when it failed.
 */
export function acknowledgeLate(app: App): App {
  const processEvent = async (event: ReceiverEvent): Promise<void> => {
    if (event.body['event'] === undefined) return app.processEvent(event);
    await app.processEvent({ ...event, ack: () => Promise.resolve() });
    await event.ack();
  };
  return new Proxy(app, {
    get: (target, property) => (property === 'processEvent' ? processEvent : Reflect.get(target, property)),
  });
}
