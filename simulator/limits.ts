/**
 * What Slack takes, in characters (UTF-16 units, the strictest reading) or items. From the pages under
 * https://docs.slack.dev that stand beside each figure; the few that Slack does not document say so.
 */
export const limits = {
  // reference/block-kit/blocks
  messageBlocks: 50,
  viewBlocks: 100,
  blockId: 255,
  // reference/methods/chat.postMessage: longer text is msg_too_long
  messageText: 40_000,
  // reference/methods/chat.update takes less: longer text was seen refused as msg_too_long
  updateText: 4_000,
  // Not documented: all text of a message's blocks together was seen refused from about 13,200 on (msg_blocks_too_long)
  allBlockText: 13_200,
  // reference/block-kit/blocks/header-block
  header: 150,
  // reference/block-kit/composition-objects/text-object
  text: 3_000,
  // reference/block-kit/blocks/section-block
  sectionFields: 10,
  sectionField: 2_000,
  // reference/block-kit/blocks/context-block
  contextElements: 10,
  // reference/block-kit/blocks/actions-block
  actionElements: 25,
  // reference/block-kit/blocks/image-block
  imageText: 2_000,
  url: 3_000,
  // reference/block-kit/blocks/input-block
  inputText: 2_000,
  // reference/block-kit/blocks/markdown-block: all of a message's markdown together
  markdown: 12_000,
  // reference/block-kit/block-elements
  actionId: 255,
  buttonText: 75,
  buttonValue: 2_000,
  accessibilityLabel: 75,
  placeholder: 150,
  selectOptions: 100,
  choiceOptions: 10,
  overflowOptions: 5,
  optionText: 75,
  optionValue: 150,
  inputLength: 3_000,
  // reference/block-kit/composition-objects/confirmation-dialog-object
  confirmTitle: 100,
  confirmText: 300,
  confirmButton: 30,
  // reference/block-kit/blocks/table-block
  tables: 1,
  tableRows: 100,
  tableColumns: 20,
  tableText: 10_000,
  // reference/block-kit/blocks/data-visualization-block
  charts: 2,
  chartTitle: 50,
  chartSeries: 6,
  chartPoints: 20,
  chartLabel: 20,
  chartAxisLabel: 50,
  // reference/views
  viewText: 24,
  privateMetadata: 3_000,
  callbackId: 255,
} as const;
