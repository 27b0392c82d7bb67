/* Runs in the page of card-page.ts. */
import * as AC from 'adaptivecards';
// Its package says that no module has side effects, so the one that makes tables known is left out of a bundle.
AC.GlobalRegistry.defaultElements.register('Table', AC.Table, AC.Versions.v1_5);

const executed = [];
globalThis.executed = executed;
globalThis.show = (json, width, hostConfig) => {
  executed.length = 0;
  const context = new AC.SerializationContext();
  const card = new AC.AdaptiveCard();
  card.hostConfig = new AC.HostConfig(hostConfig);
  card.onExecuteAction = (action) => {
    executed.push({ type: action.getJsonTypeName(), verb: action.verb, data: action.data });
  };
  card.parse(json, context);
  const events = [];
  for (let at = 0; at < context.eventCount; at += 1) events.push(context.getEventAt(at).message);
  for (const { message } of card.validateProperties().validationEvents) events.push(message);
  const root = document.getElementById('card');
  root.style.width = width + 'px';
  root.replaceChildren(card.render());
  const right = root.getBoundingClientRect().right + 1;
  const wide = [...root.querySelectorAll('*')].filter((one) => one.getBoundingClientRect().right > right);
  // A label that is too long for the card ends in an ellipsis, and is told whole to whoever points at it.
  const labels = [...root.querySelectorAll('button')]
    .filter((one) => one.offsetParent !== null)
    .map((one) => one.title);
  return {
    text: [root.innerText, ...labels].join(' '),
    problems: events,
    cutOff: wide.map((one) => one.innerText || one.tagName),
  };
};
