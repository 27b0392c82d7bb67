import { HostConfig } from 'adaptivecards/lib/host-config.js';

/** Opaque colours as #RRGGBB, on a white card all of at least 4.5 to 1. */
const ink = { default: '#242424', subtle: '#616161' };
const foregroundColors = {
  default: ink,
  dark: ink,
  light: { default: '#616161', subtle: '#616161' },
  accent: { default: '#4f52b2', subtle: '#4f52b2' },
  good: { default: '#0e700e', subtle: '#0e700e' },
  warning: { default: '#8a4b00', subtle: '#8a4b00' },
  attention: { default: '#b10e1c', subtle: '#b10e1c' },
};
const style = (backgroundColor: string) => ({ backgroundColor, foregroundColors });

const fontSizes = { small: 12, default: 14, medium: 16, large: 20, extraLarge: 24 };
const fontWeights = { lighter: 300, default: 400, bolder: 600 };

/** How Teams' light theme shows Adaptive Cards, near enough to judge a card by. */
export const hostConfig = new HostConfig({
  supportsInteractivity: true,
  spacing: { small: 8, default: 12, medium: 16, large: 20, extraLarge: 24, padding: 12 },
  separator: { lineThickness: 1, lineColor: '#e0e0e0' },
  fontTypes: {
    default: { fontFamily: 'inherit', fontSizes, fontWeights },
    monospace: { fontFamily: 'var(--mono)', fontSizes, fontWeights },
  },
  containerStyles: {
    default: style('#ffffff'),
    emphasis: style('#f5f5f5'),
    accent: style('#e8ebfa'),
    good: style('#e7f2da'),
    warning: style('#fbf3dd'),
    attention: style('#fcf0f2'),
  },
  inputs: {
    label: {
      inputSpacing: 'none',
      requiredInputs: { weight: 'bolder', suffix: ' *', suffixColor: 'attention' },
      optionalInputs: { weight: 'bolder' },
    },
    errorMessage: { color: 'attention', weight: 'default' },
  },
  actions: {
    // Six fit a row there; the renderer leaves out what comes after, as Teams does.
    maxActions: 6,
    buttonSpacing: 8,
    spacing: 'default',
    actionsOrientation: 'horizontal',
    actionAlignment: 'left',
    showCard: { actionMode: 'inline', inlineTopMargin: 12, style: 'emphasis' },
  },
  factSet: {
    title: { weight: 'bolder', wrap: true, maxWidth: 150 },
    value: { wrap: true },
    spacing: 12,
  },
  table: { cellSpacing: 8 },
  textStyles: { heading: { weight: 'bolder' }, columnHeader: { weight: 'bolder' } },
  textBlock: { headingLevel: 3 },
  adaptiveCard: { allowCustomStyle: false },
});
