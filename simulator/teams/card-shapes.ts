import { isRecord } from '../arguments.ts';
import {
  anyText,
  array,
  byType,
  flag,
  number,
  object,
  optional,
  type OptionalShape,
  type Shape,
  text,
} from '../shape.ts';

/*
 * Adaptive Cards 1.5 as Teams takes them from bots (https://adaptivecards.io/explorer). Unknown elements, actions and
 * properties are refused: a client would leave them out without a word.
 */

const anything: Shape = () => undefined;
const many = Number.POSITIVE_INFINITY;

/** Names of choices are taken in any case, as the renderers do. */
function choice(...values: readonly string[]): OptionalShape {
  const known = values.map((value) => value.toLowerCase());
  return optional((value, at, tell) => {
    if (typeof value !== 'string' || !known.includes(value.toLowerCase())) {
      tell(`must be one of: ${values.join(', ')}`, at);
    }
  });
}

const pixelsOr = (...words: readonly string[]): OptionalShape =>
  optional((value, at, tell) => {
    if (typeof value === 'number' || (typeof value === 'string' && /^\d+(\.\d+)?px$/.test(value))) return;
    if (typeof value !== 'string' || !words.includes(value.toLowerCase())) {
      tell(`must be a number, "<number>px" or one of: ${words.join(', ')}`, at);
    }
  });

const webAddress: Shape = (value, at, tell) => {
  if (typeof value !== 'string' || !/^(https:\/\/|data:image\/)/.test(value))
    tell('must be an https or data address', at);
};

const someText = text(many);
const spacing = choice('none', 'small', 'default', 'medium', 'large', 'extraLarge', 'padding');
const horizontal = choice('left', 'center', 'right');
const vertical = choice('top', 'center', 'bottom');
const containerStyle = choice('default', 'emphasis', 'good', 'attention', 'warning', 'accent');

/** Elements and actions stand within each other, so each looks the others up when it is looked at. */
const element: Shape = (value, at, tell) => byType(elements)(value, at, tell);
const action: Shape = (value, at, tell) => byType(actions)(value, at, tell);
const card: Shape = (value, at, tell) => adaptiveCard(value, at, tell);

function fallback(whole: Shape): OptionalShape {
  return optional((value, at, tell) => {
    if (value !== 'drop') whole(value, at, tell);
  });
}

const type: Readonly<Record<string, Shape>> = { type: anyText };

const everyElement = {
  ...type,
  id: optional(someText),
  isVisible: optional(flag),
  separator: optional(flag),
  spacing,
  height: choice('auto', 'stretch'),
  fallback: fallback(element),
  requires: optional(anything),
  targetWidth: optional(someText),
};

const everyContainer = {
  ...everyElement,
  style: containerStyle,
  verticalContentAlignment: vertical,
  bleed: optional(flag),
  minHeight: pixelsOr(),
  rtl: optional(flag),
  backgroundImage: optional(anything),
  selectAction: optional(action),
};

const look = {
  color: choice('default', 'dark', 'light', 'accent', 'good', 'warning', 'attention'),
  fontType: choice('default', 'monospace'),
  isSubtle: optional(flag),
  size: choice('default', 'small', 'medium', 'large', 'extraLarge'),
  weight: choice('default', 'lighter', 'bolder'),
};

const run = object({
  ...type,
  text: anyText,
  ...look,
  highlight: optional(flag),
  italic: optional(flag),
  strikethrough: optional(flag),
  underline: optional(flag),
  selectAction: optional(action),
});
const inline: Shape = (value, at, tell) => {
  if (typeof value !== 'string') byType({ TextRun: run })(value, at, tell);
};

const column = object({
  ...everyContainer,
  type: optional(anyText),
  items: optional(array(element, many, 0)),
  width: pixelsOr('auto', 'stretch'),
});
const cell = object({ ...everyContainer, items: array(element, many, 0) });
const row = object({
  ...type,
  cells: array(byType({ TableCell: cell }), many, 0),
  style: containerStyle,
  horizontalCellContentAlignment: horizontal,
  verticalCellContentAlignment: vertical,
});
const tableColumn = object({
  type: optional(anyText),
  width: pixelsOr('auto', 'stretch'),
  horizontalCellContentAlignment: horizontal,
  verticalCellContentAlignment: vertical,
});

const image = object({
  ...everyElement,
  url: webAddress,
  altText: optional(anyText),
  backgroundColor: optional(someText),
  height: pixelsOr('auto', 'stretch'),
  horizontalAlignment: horizontal,
  selectAction: optional(action),
  size: choice('auto', 'stretch', 'small', 'medium', 'large'),
  style: choice('default', 'person'),
  width: optional(someText),
});

/** An input without an id could not be told apart from the others in the answer. */
function input(fields: Readonly<Record<string, Shape | OptionalShape>>): Shape {
  return object({
    ...everyElement,
    id: someText,
    label: optional(anyText),
    isRequired: optional(flag),
    errorMessage: optional(anyText),
    ...fields,
  });
}

const day = optional((value, at, tell) => {
  if (typeof value !== 'string' || !/^\d{4}-\d{2}-\d{2}$/.test(value)) tell('must be a date as YYYY-MM-DD', at);
});
const timeOfDay = optional((value, at, tell) => {
  if (typeof value !== 'string' || !/^\d{2}:\d{2}$/.test(value)) tell('must be a time as HH:MM', at);
});

const inputs: Readonly<Record<string, Shape>> = {
  'Input.Text': input({
    value: optional(anyText),
    placeholder: optional(anyText),
    isMultiline: optional(flag),
    maxLength: optional(number(1)),
    regex: optional(someText),
    style: choice('text', 'tel', 'url', 'email', 'password'),
    inlineAction: optional(action),
  }),
  'Input.Number': input({
    value: optional(number()),
    placeholder: optional(anyText),
    min: optional(number()),
    max: optional(number()),
  }),
  'Input.Date': input({ value: day, min: day, max: day, placeholder: optional(anyText) }),
  'Input.Time': input({ value: timeOfDay, min: timeOfDay, max: timeOfDay, placeholder: optional(anyText) }),
  'Input.Toggle': input({
    title: anyText,
    value: optional(anyText),
    valueOn: optional(someText),
    valueOff: optional(someText),
    wrap: optional(flag),
  }),
  'Input.ChoiceSet': input({
    choices: array(object({ title: anyText, value: anyText }), many, 0),
    value: optional(anyText),
    isMultiSelect: optional(flag),
    style: choice('compact', 'expanded', 'filtered'),
    placeholder: optional(anyText),
    wrap: optional(flag),
  }),
};

const elements: Readonly<Record<string, Shape>> = {
  TextBlock: object({
    ...everyElement,
    text: anyText,
    ...look,
    horizontalAlignment: horizontal,
    maxLines: optional(number(1)),
    style: choice('default', 'heading', 'columnHeader'),
    wrap: optional(flag),
  }),
  RichTextBlock: object({ ...everyElement, inlines: array(inline, many), horizontalAlignment: horizontal }),
  Image: image,
  ImageSet: object({ ...everyElement, images: array(image, many), imageSize: choice('small', 'medium', 'large') }),
  Container: object({ ...everyContainer, items: array(element, many, 0) }),
  ColumnSet: object({
    ...everyContainer,
    columns: optional(array(column, many, 0)),
    horizontalAlignment: horizontal,
  }),
  FactSet: object({ ...everyElement, facts: array(object({ title: anyText, value: anyText }), many, 0) }),
  Table: object({
    ...everyElement,
    columns: optional(array(tableColumn, many)),
    rows: optional(array(byType({ TableRow: row }), many, 0)),
    firstRowAsHeader: optional(flag),
    showGridLines: optional(flag),
    gridStyle: containerStyle,
    horizontalCellContentAlignment: horizontal,
    verticalCellContentAlignment: vertical,
  }),
  ActionSet: object({ ...everyElement, actions: array(action, many) }),
  ...inputs,
};

const everyAction = {
  ...type,
  id: optional(someText),
  title: optional(anyText),
  iconUrl: optional(webAddress),
  style: choice('default', 'positive', 'destructive'),
  tooltip: optional(anyText),
  isEnabled: optional(flag),
  mode: choice('primary', 'secondary'),
  fallback: fallback(action),
  requires: optional(anything),
};
const associatedInputs = choice('auto', 'none');

const actions: Readonly<Record<string, Shape>> = {
  'Action.Execute': object({
    ...everyAction,
    verb: optional(someText),
    data: optional(anything),
    associatedInputs,
  }),
  'Action.Submit': object({ ...everyAction, data: optional(anything), associatedInputs }),
  'Action.OpenUrl': object({ ...everyAction, url: webAddress }),
  'Action.ShowCard': object({ ...everyAction, card: optional(card) }),
  'Action.ToggleVisibility': object({
    ...everyAction,
    targetElements: array((value, at, tell) => {
      if (typeof value !== 'string') object({ elementId: someText, isVisible: optional(flag) })(value, at, tell);
    }, many),
  }),
};

/** Of a card within a card the version is the outer one's. */
const adaptiveCard = object({
  type: anyText,
  version: optional((value, at, tell) => {
    if (typeof value !== 'string' || !/^1\.[0-5]$/.test(value)) tell('must be a version from 1.0 to 1.5', at);
  }),
  $schema: optional(someText),
  body: optional(array(element, many, 0)),
  actions: optional(array(action, many, 0)),
  fallbackText: optional(anyText),
  speak: optional(anyText),
  lang: optional(someText),
  rtl: optional(flag),
  minHeight: pixelsOr(),
  verticalContentAlignment: vertical,
  backgroundImage: optional(anything),
  selectAction: optional(action),
  msteams: optional(anything),
  refresh: optional(
    object({
      action: byType({ 'Action.Execute': action }),
      userIds: optional(array(someText, 60, 0)),
      expires: optional(someText),
    }),
  ),
  authentication: optional(anything),
});

/** A whole card, as an attachment holds it. */
export const wholeCard: Shape = (value, at, tell) => {
  if (isRecord(value) && value['version'] === undefined) tell('missing required field: version', at);
  byType({ AdaptiveCard: adaptiveCard })(value, at, tell);
};
